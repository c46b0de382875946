/** Envoy's configuration in proto3 JSON, field names as in Envoy's own documentation (snake case). */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
	readonly [field: string]: Json;
}

const extensions = "type.googleapis.com/envoy.extensions";

/** A google.protobuf.Any of one of Envoy's extensions; `type` without the common beginning. */
export function any(type: string, fields: JsonObject): JsonObject {
	return { "@type": `${extensions}.${type}`, ...fields };
}

/** A google.protobuf.Duration in JSON: seconds with a unit. */
export function duration(milliseconds: number): string {
	return `${milliseconds / 1000}s`;
}

/** "Ask the one aggregated stream"; used wherever a resource names another. */
export const fromAds: JsonObject = { ads: {}, resource_api_version: "V3" };

/** The agent as Envoy's bootstrap knows it: gives configuration, takes the access log. */
export const agentCluster = "ads";
