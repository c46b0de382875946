import type { HostConfig } from "@/domain/host/model";
import { socketDirectory } from "@/domain/installation";
import { agentCluster, any, duration, fromAds, type JsonObject } from "./json";

/** The name of one Envoy everywhere: node id, proxy report, acknowledgements. */
export function proxyId(host: string, proxy: number): string {
	return `${host}/envoy-${proxy}`;
}

export function adminSocket(host: Pick<HostConfig, "installation" | "name">, proxy: number): string {
	return `${socketDirectory(host.installation, host.name)}/admin-${proxy}.sock`;
}

export function adsSocket(host: Pick<HostConfig, "installation" | "name">): string {
	return `${socketDirectory(host.installation, host.name)}/ads.sock`;
}

/**
 * What one Envoy knows before the agent tells it anything: who it is, and where the agent's ADS and its own admin are.
 * Both are unix sockets: nothing here listens on a network. It changes only with the host's name or Envoy's version.
 */
export function bootstrapOf(host: HostConfig, proxy: number): JsonObject {
	return {
		node: { id: proxyId(host.name, proxy), cluster: host.installation },
		admin: { address: { pipe: { path: adminSocket(host, proxy), mode: 0o600 } } },
		dynamic_resources: {
			ads_config: {
				api_type: "DELTA_GRPC",
				transport_api_version: "V3",
				set_node_on_first_message_only: true,
				grpc_services: [
					{
						envoy_grpc: {
							cluster_name: agentCluster,
							// Envoy's own is 0.5 to 30 s: a restarted agent would be heard of only seconds later.
							retry_policy: { retry_back_off: { base_interval: duration(50), max_interval: duration(500) } },
						},
					},
				],
			},
			cds_config: fromAds,
			lds_config: fromAds,
		},
		static_resources: { clusters: [adsCluster(adsSocket(host))] },
		overload_manager: {
			resource_monitors: [
				{
					name: "envoy.resource_monitors.global_downstream_max_connections",
					typed_config: any("resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig", {
						max_active_downstream_connections: 50_000,
					}),
				},
			],
		},
	};
}

function adsCluster(socket: string): JsonObject {
	return {
		name: agentCluster,
		type: "STATIC",
		connect_timeout: duration(1000),
		load_assignment: {
			cluster_name: agentCluster,
			endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path: socket } } } }] }],
		},
		typed_extension_protocol_options: {
			"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": any("upstreams.http.v3.HttpProtocolOptions", {
				explicit_http_config: {
					// An agent that hangs without closing its socket is noticed and left.
					http2_protocol_options: { connection_keepalive: { interval: duration(5000), timeout: duration(2000) } },
				},
			}),
		},
	};
}

export interface EnvoyOptions {
	readonly envoy: string;
	/** Where the bootstrap was written as JSON. */
	readonly configFile: string;
	/** Worker threads; null = one a core. */
	readonly concurrency: number | null;
}

/** How long a listener that leaves asks its clients to go before it closes; restarts on purpose wait at least that long. */
export const drainTimeS = 10;

/** The command line. Hot restart is off: it would need a base id and shared memory for each, and pairs restart one by one instead. */
export function envoyArguments(options: EnvoyOptions): string[] {
	return [
		...[options.envoy, "-c", options.configFile, "--disable-hot-restart"],
		// Its default of 600 s would keep connections of a removed listener for ten minutes.
		...["--drain-time-s", String(drainTimeS), "--log-level", "warning"],
		...(options.concurrency === null ? [] : ["--concurrency", String(options.concurrency)]),
	];
}
