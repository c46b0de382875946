import { clusterName } from "@/domain/names";
import type { ServiceTraffic, TrafficEndpoint, TrafficPort, TrafficRelease } from "@/domain/traffic/model";
import { hasPort } from "./clusters";
import type { JsonObject } from "./json";

/** The endpoints of each cluster. A draining one stays in the list: left out, its in-flight requests could not be counted. */
export function endpointsOf(traffic: ServiceTraffic): JsonObject[] {
	return traffic.releases.flatMap((release) =>
		traffic.ports
			.filter((port) => hasPort(release, port))
			.map((port) => ({
				cluster_name: clusterName(traffic.service, traffic.environment, release.release, port.name),
				endpoints: [{ lb_endpoints: release.endpoints.flatMap((endpoint) => endpointOf(endpoint, port, release)) }],
			})),
	);
}

function endpointOf(endpoint: TrafficEndpoint, port: TrafficPort, release: TrafficRelease): JsonObject[] {
	const hostPort = endpoint.ports[port.name];
	const healthPort = endpoint.ports[release.health.port];
	if (hostPort === undefined) return [];
	const address = { socket_address: { address: endpoint.address, port_value: hostPort } };
	// Every port of an instance is as healthy as the one its manifest names.
	const elsewhere = healthPort !== undefined && healthPort !== hostPort;
	return [
		{
			endpoint: elsewhere ? { address, health_check_config: { port_value: healthPort } } : { address },
			health_status: endpoint.state === "draining" ? "DRAINING" : "UNKNOWN",
		},
	];
}
