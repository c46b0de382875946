import { agentCluster, any, duration, type JsonObject } from "./json";

/**
 * What each entry says, in this order and with a space between; `agents/access-log/decode.ts` reads it. `-` = there is
 * none. The duration goes from the first byte of the request to the last of the answer; that to the first is for upgrades.
 */
const line = [
	"%UPSTREAM_CLUSTER%",
	"%ROUTE_NAME%",
	"%RESPONSE_CODE%",
	"%GRPC_STATUS_NUMBER%",
	"%RESPONSE_FLAGS%",
	"%COMMON_DURATION(DS_RX_BEG:DS_TX_END:us)%",
	"%COMMON_DURATION(DS_RX_BEG:DS_TX_BEG:us)%",
	"%DURATION%",
].join(" ");

/**
 * One entry for each finished request, to the agent, which counts them by release (docs/adr/0005-access-log.md).
 * While the agent is away entries are lost; no request waits for its entry.
 */
export const accessLog: JsonObject = {
	name: "envoy.access_loggers.open_telemetry",
	typed_config: any("access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig", {
		common_config: {
			log_name: "requests",
			transport_api_version: "V3",
			grpc_service: { envoy_grpc: { cluster_name: agentCluster } },
			// The agent closes a bucket 2 s after its end.
			buffer_flush_interval: duration(500),
			// About 500 entries: fewer wake-ups of the agent than with Envoy's own 16 KiB.
			buffer_size_bytes: 65_536,
		},
		body: { string_value: line },
	}),
};
