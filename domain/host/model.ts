import type { References } from "@/domain/manifest/model";

/** What a host should run, and what it says it runs. Only the relay carries these, in both directions. */
export interface DesiredDocument {
	readonly installation: string;
	readonly host: string;
	/** Given by Postgres; a document with an older revision is refused by the agent: that is the fence. */
	readonly revision: number;
	readonly instances: readonly DesiredInstance[];
	/** By the engine's names: what a person removed. Every other volume stays, whoever used it; left out = none. */
	readonly removedVolumes?: readonly string[];
	/** To be had before something here is stopped for them, named as `DesiredInstance.image`; left out = none. */
	readonly images?: readonly string[];
}

export interface DesiredInstance {
	readonly id: string;
	readonly containerName: string;
	readonly service: string;
	readonly environment: string;
	readonly release: number;
	/** `repository@sha256:...`, without a host: the agent pulls through its own forwarder. */
	readonly image: string;
	/** null = the image's own. */
	readonly command: readonly string[] | null;
	readonly variables: Readonly<Record<string, string>>;
	/** Of the environment's configuration; 0 = none. The values come from the relay at create, never in this document. */
	readonly configVersion: number;
	/** What of the configuration goes where; left out = nothing. */
	readonly references?: References;
	readonly ports: readonly { name: string; containerPort: number; hostPort: number }[];
	readonly limits: { memoryBytes: number; cpus: number };
	/** `id` is the engine's name, `name` the manifest's; left out = none. */
	readonly volumes?: readonly {
		readonly id: string;
		readonly name: string;
		readonly target: string;
		readonly readOnly: boolean;
	}[];
	readonly network: string;
	readonly stopGraceMs: number;
}

/** `pulling`, `starting` are on the way; `failed` = will not run by itself (cannot be pulled, exits at once); `running` = the container runs (health is the proxies' word). */
export type InstanceState = "pulling" | "starting" | "running" | "exited" | "stopping" | "failed";

export interface InstanceReport {
	readonly id: string;
	readonly state: InstanceState;
	readonly containerId: string | null;
	readonly exitCode: number | null;
	/** Restarts by Docker since the container was created. */
	readonly restarts: number;
	/** A sentence when something is wrong: the pull's or Docker's error, the last lines of output of an exited one. */
	readonly message: string | null;
}

/** Of an image that the desired document asks for ahead: it is here, or why it is not. One that is still on its way is left out. */
export interface ImageReport {
	readonly image: string;
	/** Docker's words; null = it is here. */
	readonly problem: string | null;
}

export interface TrafficAck {
	readonly service: string;
	readonly environment: string;
	readonly revision: number;
	readonly verdict: "ack" | "nack";
	readonly message: string | null;
}

export interface EndpointReport {
	readonly service: string;
	readonly environment: string;
	readonly release: number;
	readonly instance: string;
	/** The proxy's own active health check. */
	readonly health: "healthy" | "unhealthy" | "unknown";
	/** The proxy's /clusters shows this endpoint as DRAINING on every port. */
	readonly draining: boolean;
	/** Requests (tcp: connections) in flight from this proxy to the instance, all ports. */
	readonly active: number;
	/** Samples in a row, at least 100 ms apart, with `draining` and `active` 0; 2 = drained. */
	readonly quietSamples: number;
}

export interface ProxyReport {
	/** `<host>/envoy-<n>`. */
	readonly id: string;
	readonly roles: readonly ("gateway" | "node")[];
	readonly alive: boolean;
	readonly acks: readonly TrafficAck[];
	readonly endpoints: readonly EndpointReport[];
}

export interface HostReport {
	/** New at each start of the agent. */
	readonly bootId: string;
	/** Highest revision of the desired document kept on disk; the instances below are judged against it. */
	readonly desiredRevision: number;
	/** true = every desired instance runs and nothing else of this installation does. */
	readonly converged: boolean;
	readonly instances: readonly InstanceReport[];
	readonly proxies: readonly ProxyReport[];
	/** All of this installation that the engine has, by its names; left out = not looked yet. */
	readonly volumes?: readonly string[];
	/** Left out = nothing is known of any. */
	readonly images?: readonly ImageReport[];
	readonly capacity: { memoryBytes: number; cpus: number };
	/** A sentence when the host cannot do its work (Docker away, disk full); null = well. */
	readonly problem: string | null;
}

/** The values that an instance's references name: only on their way from the relay into the container. */
export interface InstanceValues {
	readonly variables: Readonly<Record<string, string>>;
	/** By path in the container. */
	readonly files: Readonly<Record<string, string>>;
}

/** `host.json` in the host's folder, written by `sluice host join`. */
export interface HostConfig {
	readonly installation: string;
	readonly name: string;
	/** Reachable from every proxy; never loopback or 0.0.0.0. */
	readonly address: string;
	readonly roles: readonly ("gateway" | "node")[];
	/** `https://address:port` */
	readonly relay: string;
	/** A unix socket's path. */
	readonly dockerSocket: string;
	readonly gatewayPort: number;
	readonly forwarderPort: number;
}
