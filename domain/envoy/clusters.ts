import { clusterName, internalName } from "@/domain/names";
import type { HealthCheck, Protocol, ServiceTraffic, TrafficPort, TrafficRelease } from "@/domain/traffic/model";
import { any, duration, fromAds, type JsonObject } from "./json";

/** One cluster for each release and port, warm ones too: a route may name it only after it is there. */
export function clustersOf(traffic: ServiceTraffic): JsonObject[] {
	return traffic.releases.flatMap((release) =>
		traffic.ports.filter((port) => hasPort(release, port)).map((port) => clusterOf(traffic, release, port)),
	);
}

/** A release without endpoints counts as having every port: it is scaled to zero, or not placed yet. */
export function hasPort(release: TrafficRelease, port: TrafficPort): boolean {
	return release.endpoints.length === 0 || release.endpoints.some((endpoint) => endpoint.ports[port.name] !== undefined);
}

function clusterOf(traffic: ServiceTraffic, release: TrafficRelease, port: TrafficPort): JsonObject {
	return {
		name: clusterName(traffic.service, traffic.environment, release.release, port.name),
		type: "EDS",
		eds_cluster_config: { eds_config: fromAds },
		connect_timeout: duration(1000),
		lb_policy: "LEAST_REQUEST",
		// Below 50 % healthy Envoy would send to unhealthy and draining endpoints too.
		// Merging (its own: 1 s) would keep workers sending to an endpoint that /clusters already shows as draining, and
		// from one it already shows as healthy.
		common_lb_config: { healthy_panic_threshold: { value: 0 }, update_merge_window: duration(0) },
		// Otherwise an endpoint that left EDS keeps taking requests until its health check fails.
		ignore_health_on_host_removal: true,
		circuit_breakers: { thresholds: [limitsOf("DEFAULT"), limitsOf("HIGH")] },
		typed_extension_protocol_options: {
			"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": upstreamProtocol(port.protocol),
		},
		health_checks: [healthCheckOf(traffic, release.health)],
	};
}

/** Explicit and out of the way: Envoy's own 1,024 requests and 3 retries are met by one busy service. */
function limitsOf(priority: string): JsonObject {
	return {
		priority,
		max_connections: 100_000,
		max_pending_requests: 100_000,
		max_requests: 100_000,
		max_retries: 1000,
	};
}

/** Idle connections end after 1 s: servers close theirs at 2 to 5 s, and a request must not meet that. */
function upstreamProtocol(protocol: Protocol): JsonObject {
	return any("upstreams.http.v3.HttpProtocolOptions", {
		common_http_protocol_options: { idle_timeout: duration(1000) },
		explicit_http_config: protocol === "h2c" ? { http2_protocol_options: {} } : { http_protocol_options: {} },
	});
}

/** 250 ms until first green, then 1 s. An answer that is not 2xx counts at once; `unhealthy_threshold` is for silence. */
function healthCheckOf(traffic: ServiceTraffic, health: HealthCheck): JsonObject {
	const h2c = traffic.ports.find((port) => port.name === health.port)?.protocol === "h2c";
	const check: JsonObject =
		health.kind === "tcp"
			? { tcp_health_check: {} }
			: {
					http_health_check: {
						host: internalName(traffic.service),
						path: health.path,
						expected_statuses: [{ start: 200, end: 300 }],
						codec_client_type: h2c ? "HTTP2" : "HTTP1",
					},
				};
	return {
		timeout: duration(1000),
		interval: duration(1000),
		unhealthy_interval: duration(250),
		no_traffic_interval: duration(250),
		no_traffic_healthy_interval: duration(1000),
		unhealthy_threshold: 2,
		healthy_threshold: 1,
		...check,
	};
}
