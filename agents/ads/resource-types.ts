import { createHash } from "node:crypto";
import type { Resource, ResourceKind } from "@/domain/envoy/resources";
import { encodeJson } from "./proto-json";

const messageOf = {
	cluster: "envoy.config.cluster.v3.Cluster",
	endpoints: "envoy.config.endpoint.v3.ClusterLoadAssignment",
	listener: "envoy.config.listener.v3.Listener",
	route: "envoy.config.route.v3.RouteConfiguration",
} as const satisfies Record<ResourceKind, string>;

export function typeUrlOf(kind: ResourceKind): string {
	return `type.googleapis.com/${messageOf[kind]}`;
}

export function kindOf(typeUrl: string): ResourceKind | null {
	const found = Object.entries(messageOf).find(([, message]) => typeUrl.endsWith(`/${message}`));
	return found ? (found[0] as ResourceKind) : null;
}

/** A resource ready to send. Its version is the hash of its content: equal content is never sent twice. */
export interface Encoded {
	readonly kind: ResourceKind;
	readonly name: string;
	readonly version: string;
	readonly bytes: Buffer;
}

export function encode(resource: Resource): Encoded {
	const bytes = encodeJson(messageOf[resource.kind], resource.body);
	const version = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
	return { kind: resource.kind, name: resource.name, version, bytes };
}
