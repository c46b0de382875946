import { clustersOf } from "@/domain/envoy/clusters";
import { virtualListener } from "@/domain/envoy/listeners";
import type { EnvoyResource } from "@/domain/envoy/resource";
import { routeConfiguration } from "@/domain/envoy/routes";
import type { ServiceTraffic } from "@/domain/traffic/model";

/** What one service + environment needs on a node proxy; a gateway's own listener and routes come beside it. */
export function serviceResources(traffic: ServiceTraffic): EnvoyResource[] {
	const routes = traffic.ports.filter((port) => port.protocol !== "tcp").map((port) => routeConfiguration(traffic, port));
	const listeners = traffic.ports.map((port) => virtualListener(traffic, port)).filter((listener) => listener !== null);
	return [...clustersOf(traffic), ...listeners, ...routes];
}
