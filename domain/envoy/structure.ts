import type { HostConfig } from "@/domain/host/model";
import type { ServiceTraffic, TrafficRelease } from "@/domain/traffic/model";
import { bootstrapOf } from "./bootstrap";
import type { Json, JsonObject } from "./json";
import { gatewayResources, type Resource, resourcesOf } from "./resources";

/**
 * What a service's clusters, listeners and routes look like, whatever its weights, its endpoints and the numbers of its
 * releases: two revisions with equal structure are valid together or not at all.
 */
export function structureOf(traffic: ServiceTraffic): ServiceTraffic {
	const shapes = new Map(
		traffic.releases.map((release) => {
			const shape = { weight: 1, health: release.health, endpoints: exampleEndpoints(release) } as const;
			return [JSON.stringify(shape), shape];
		}),
	);
	const releases = [...shapes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, shape], index) => ({ release: index + 1, ...shape }));
	return { ...traffic, revision: 0, releases };
}

/** One for all: which ports there are decides which clusters there are. The address is of a range that is nobody's. */
function exampleEndpoints({ endpoints }: TrafficRelease): TrafficRelease["endpoints"] {
	const names = [...new Set(endpoints.flatMap((endpoint) => Object.keys(endpoint.ports)))].sort();
	if (endpoints.length === 0) return [];
	return [
		{ instance: "example", address: "192.0.2.1", ports: Object.fromEntries(names.map((name) => [name, 1])), state: "active" },
	];
}

/** One file with all of it, for `envoy --mode validate`: it asks nobody, so routes are where they are else only named. */
export function checkedConfiguration(host: HostConfig, services: readonly ServiceTraffic[]): JsonObject {
	const { admin: _, dynamic_resources: dynamic, static_resources: own, ...bootstrap } = bootstrapOf(host, 0);
	const resources = [...services.flatMap((traffic) => resourcesOf(traffic, host)), ...gatewayResources(host, services)];
	const bodies = (kind: Resource["kind"]) => resources.filter((resource) => resource.kind === kind).map(({ body }) => body);
	const routes = new Map(resources.filter(({ kind }) => kind === "route").map(({ name, body }) => [name, body]));
	return {
		...bootstrap,
		dynamic_resources: { ads_config: (dynamic as JsonObject).ads_config ?? null },
		static_resources: {
			clusters: [...((own as JsonObject).clusters as JsonObject[]), ...bodies("cluster")],
			listeners: bodies("listener").map((body) => withRoutes(body, routes) as JsonObject),
		},
	};
}

function withRoutes(json: Json, routes: ReadonlyMap<string, JsonObject>): Json {
	if (Array.isArray(json)) return json.map((one: Json) => withRoutes(one, routes));
	if (json === null || typeof json !== "object") return json;
	return Object.fromEntries(
		Object.entries(json as JsonObject).map(([field, value]): [string, Json] => {
			if (field !== "rds") return [field, withRoutes(value, routes)];
			const name = (value as JsonObject).route_config_name;
			return ["route_config", routes.get(String(name)) ?? {}];
		}),
	);
}
