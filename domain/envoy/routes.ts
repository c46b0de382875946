import { clusterName } from "@/domain/names";
import { type ServiceTraffic, type TrafficPort, type TrafficRelease, trafficKey } from "@/domain/traffic/model";
import { hasPort } from "./clusters";
import { duration, type JsonObject } from "./json";

export const gatewayName = "gateway";

/** Envoy's own notes to itself: never believed from outside, never told to a service. */
const ownHeaders = ["x-envoy-internal", "x-envoy-external-address"];

/** Route configuration and listener of one port carry the same name. */
export function portName(traffic: ServiceTraffic, port: TrafficPort): string {
	return `${trafficKey(traffic)}/${port.name}`;
}

/** What node proxies serve on the virtual address: everything that arrives there is for this service. */
export function routesOf(traffic: ServiceTraffic): JsonObject[] {
	return traffic.ports
		.filter((port) => port.protocol !== "tcp")
		.map((port) => ({
			name: portName(traffic, port),
			request_headers_to_remove: ownHeaders,
			virtual_hosts: [{ name: trafficKey(traffic), domains: ["*"], routes: [routeOf(traffic, port)] }],
		}));
}

/** What the gateway serves: each service under its own host names, a sentence under every other. */
export function gatewayRoutes(services: readonly ServiceTraffic[]): JsonObject {
	const sorted = [...services].sort((a, b) => (trafficKey(a) < trafficKey(b) ? -1 : 1));
	return {
		name: gatewayName,
		request_headers_to_remove: ownHeaders,
		ignore_port_in_host_matching: true,
		virtual_hosts: [...sorted.flatMap(virtualHostOf), nobody],
	};
}

/** The first http or h2c port is the one reachable from outside. */
function exposedPort(traffic: ServiceTraffic): TrafficPort | undefined {
	return traffic.gatewayHosts.length === 0 ? undefined : traffic.ports.find((port) => port.protocol !== "tcp");
}

function virtualHostOf(traffic: ServiceTraffic): JsonObject[] {
	const port = exposedPort(traffic);
	return port ? [{ name: trafficKey(traffic), domains: traffic.gatewayHosts, routes: [routeOf(traffic, port)] }] : [];
}

const nobody: JsonObject = {
	name: "nobody",
	domains: ["*"],
	routes: [
		{
			match: { prefix: "/" },
			direct_response: {
				status: 404,
				body: { inline_string: "No service answers to this host name. Check the name, and that the service is exposed.\n" },
			},
		},
	],
};

function routeOf(traffic: ServiceTraffic, port: TrafficPort): JsonObject {
	const clusters = weightedClusters(traffic, port);
	// Tells in the access log which service was meant when no release was chosen.
	const name = trafficKey(traffic);
	if (clusters.length === 0) return { name, match: { prefix: "/" }, ...nothingServes(traffic) };
	return {
		name,
		match: { prefix: "/" },
		route: {
			weighted_clusters: { clusters },
			// Envoy's own 15 s would cut event streams, downloads and gRPC streams.
			timeout: duration(traffic.requestTimeoutMs),
			idle_timeout: duration(traffic.streamIdleTimeoutMs),
			retry_policy: {
				// Only what the upstream cannot have begun to work on.
				retry_on: "connect-failure,refused-stream,reset-before-request",
				num_retries: 3,
				retry_host_predicate: [
					{
						name: "envoy.retry_host_predicates.previous_hosts",
						typed_config: {
							"@type": "type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate",
						},
					},
				],
				host_selection_retry_max_attempts: 5,
			},
		},
	};
}

/** A client that is told when to come back need not take a replacement for an outage. */
const retryAfterS = 5;

function nothingServes({ service, environment, isBeingReplaced }: ServiceTraffic): JsonObject {
	const answer = (sentence: string) => ({ direct_response: { status: 503, body: { inline_string: `${sentence}\n` } } });
	if (!isBeingReplaced)
		return answer(`No instance of ${service} serves in ${environment}: deploy it, or scale it up if it was stopped.`);
	return {
		...answer(`${service} in ${environment} is being replaced by another release: ask again in ${retryAfterS} s.`),
		response_headers_to_add: [{ header: { key: "retry-after", value: `${retryAfterS}` } }],
	};
}

/** Weights in hundredths of a percent, 10,000 in all. A release with weight 0 is named by no route at all. */
export function weightedClusters(traffic: ServiceTraffic, port: TrafficPort): { name: string; weight: number }[] {
	const serving = (release: TrafficRelease) => Math.round(release.weight * 100) > 0 && hasPort(release, port);
	return traffic.releases.filter(serving).map((release) => ({
		name: clusterName(traffic.service, traffic.environment, release.release, port.name),
		weight: Math.round(release.weight * 100),
	}));
}
