import type { HostConfig } from "@/domain/host/model";
import type { ServiceTraffic } from "@/domain/traffic/model";
import { clustersOf } from "./clusters";
import { endpointsOf } from "./endpoints";
import type { JsonObject } from "./json";
import { gatewayListener, listenersOf } from "./listeners";
import { gatewayRoutes, routesOf } from "./routes";

export type ResourceKind = "cluster" | "endpoints" | "listener" | "route";

export interface Resource {
	readonly kind: ResourceKind;
	readonly name: string;
	readonly body: JsonObject;
}

/** Everything one service needs in an Envoy of this host, without its part of the gateway. */
export function resourcesOf(traffic: ServiceTraffic, host: Pick<HostConfig, "roles">): Resource[] {
	return [
		...clustersOf(traffic).map((body) => resource("cluster", body)),
		...endpointsOf(traffic).map((body) => resource("endpoints", body)),
		...listenersOf(traffic, host).map((body) => resource("listener", body)),
		...routesOf(traffic).map((body) => resource("route", body)),
	];
}

/** The gateway carries all services at once; a host without that role has none. */
export function gatewayResources(host: HostConfig, services: readonly ServiceTraffic[]): Resource[] {
	if (!host.roles.includes("gateway")) return [];
	return [resource("listener", gatewayListener(host)), resource("route", gatewayRoutes(services))];
}

function resource(kind: ResourceKind, body: JsonObject): Resource {
	const name = kind === "endpoints" ? body.cluster_name : body.name;
	return { kind, name: String(name), body };
}
