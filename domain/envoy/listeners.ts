import type { HostConfig } from "@/domain/host/model";
import { ownHostName } from "@/domain/installation";
import type { ServiceTraffic, TrafficPort } from "@/domain/traffic/model";
import { accessLog } from "./access-log";
import { any, duration, fromAds, type JsonObject } from "./json";
import { isPaired } from "./pair";
import { gatewayName, portName, weightedClusters } from "./routes";

/**
 * One listener for each port of the virtual address, on every host. Routes come separately, so that shifting http
 * traffic never touches a listener: a changed listener ends the connections it held.
 */
export function listenersOf(traffic: ServiceTraffic, host: Pick<HostConfig, "roles">): JsonObject[] {
	return traffic.ports.flatMap((port) => {
		const filter = port.protocol === "tcp" ? tcpFilter(traffic, port) : httpFilter(portName(traffic, port), "node");
		if (filter === null) return [];
		return [
			{
				name: portName(traffic, port),
				address: { socket_address: { address: traffic.virtualAddress, port_value: port.port } },
				// The address is routed to this machine, but belongs to no interface.
				freebind: true,
				enable_reuse_port: isPaired(host),
				filter_chains: [{ filters: [filter] }],
			},
		];
	});
}

/**
 * The door from outside, on the host's own address: never a wildcard, which would block every virtual address on that
 * port. The machine of the control plane has it on loopback too, where `<service>.localhost` leads its browser.
 */
export function gatewayListener(host: HostConfig): JsonObject {
	return {
		name: gatewayName,
		address: { socket_address: { address: host.address, port_value: host.gatewayPort } },
		...(host.name === ownHostName ? { additional_addresses: [loopback(host.gatewayPort)] } : {}),
		enable_reuse_port: isPaired(host),
		filter_chains: [{ filters: [httpFilter(gatewayName, "gateway")] }],
	};
}

function loopback(port: number): JsonObject {
	return { address: { socket_address: { address: "127.0.0.1", port_value: port } } };
}

/** null when nothing serves: without a listener the connection is refused, which is what a tcp client understands. */
function tcpFilter(traffic: ServiceTraffic, port: TrafficPort): JsonObject | null {
	const clusters = weightedClusters(traffic, port);
	if (clusters.length === 0) return null;
	return {
		name: "envoy.filters.network.tcp_proxy",
		typed_config: any("filters.network.tcp_proxy.v3.TcpProxy", {
			stat_prefix: portName(traffic, port),
			weighted_clusters: { clusters },
			idle_timeout: duration(traffic.streamIdleTimeoutMs),
			max_connect_attempts: 3,
		}),
	};
}

function httpFilter(routes: string, side: "gateway" | "node"): JsonObject {
	return {
		name: "envoy.filters.network.http_connection_manager",
		typed_config: any("filters.network.http_connection_manager.v3.HttpConnectionManager", {
			stat_prefix: routes,
			codec_type: "AUTO",
			rds: { route_config_name: routes, config_source: fromAds },
			http_filters: [
				{
					name: "envoy.filters.http.router",
					typed_config: any("filters.http.router.v3.Router", { suppress_envoy_headers: true }),
				},
			],
			access_log: [accessLog],
			upgrade_configs: [{ upgrade_type: "websocket" }],
			// The caller's address is the connection's, and no caller is trusted to set x-envoy-* headers.
			use_remote_address: true,
			// An empty list would mean Envoy's own: loopback and all private ranges, where our callers are.
			internal_address_config: { cidr_ranges: [{ address_prefix: "255.255.255.255", prefix_len: 32 }] },
			server_header_transformation: "PASS_THROUGH",
			// The route's own limit counts; this one is for what has no route.
			stream_idle_timeout: duration(3_600_000),
			...(side === "gateway" ? { normalize_path: true, merge_slashes: true, request_headers_timeout: duration(30_000) } : {}),
		}),
	};
}
