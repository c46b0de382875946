/** Envoy's own configuration, in proto3 JSON: what `envoy --mode validate` reads and what the ADS server encodes. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export const resourceKinds = ["cluster", "endpoint", "listener", "route"] as const;
export type ResourceKind = (typeof resourceKinds)[number];

export interface EnvoyResource {
	readonly kind: ResourceKind;
	/** Unique within its kind. */
	readonly name: string;
	readonly body: { readonly [key: string]: Json };
}

/** Every resource that follows from one service + environment on one proxy, or the gateway's own. */
export const typeUrls: Readonly<Record<ResourceKind, string>> = {
	cluster: "type.googleapis.com/envoy.config.cluster.v3.Cluster",
	endpoint: "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
	listener: "type.googleapis.com/envoy.config.listener.v3.Listener",
	route: "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
};

/** A Duration in proto3 JSON. */
export function seconds(ms: number): string {
	return `${ms / 1000}s`;
}

export const adsSource: Json = { ads: {}, resource_api_version: "V3" };
