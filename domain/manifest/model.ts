import type { HealthCheck, TrafficPort } from "@/domain/traffic/model";

/** A checked `sluice.yaml`: all environments. Stored with each release, so a release means the same for ever. */
export interface Manifest {
	readonly service: string;
	readonly description: string;
	readonly owner: string;
	readonly build: { readonly context: string; readonly dockerfile: string; readonly target: string | null } | null;
	/** null = "no tests", never "passed". */
	readonly test: { readonly target: string; readonly command: readonly string[] } | null;
	readonly environments: Readonly<Record<string, WorkloadSpec>>;
}

/** What runs in one environment, every default filled in. */
export interface WorkloadSpec {
	readonly instances: number;
	readonly command: readonly string[] | null;
	readonly variables: Readonly<Record<string, string>>;
	/** What the environment's configuration must answer; left out = nothing. */
	readonly references?: References;
	readonly ports: readonly (TrafficPort & { readonly targetPort: number })[];
	readonly health: HealthCheck;
	readonly limits: { readonly memoryBytes: number; readonly cpus: number };
	/** Reachable at the gateway. */
	readonly exposed: boolean;
	readonly requestTimeoutMs: number;
	readonly streamIdleTimeoutMs: number;
	readonly stopGraceMs: number;
	readonly strategy: RollingStrategy;
	readonly deadlines: { readonly pullMs: number; readonly healthyMs: number; readonly drainMs: number };
}

/** Variables by name, files by path in the container; the manifest never holds their values. */
export interface References {
	readonly variables: Readonly<Record<string, Reference>>;
	readonly files: Readonly<Record<string, Reference>>;
}

export interface Reference {
	readonly source: "config" | "secret";
	readonly name: string;
	/** Where it stands in the manifest; not part of a release's identity. */
	readonly at?: { readonly file: string; readonly line: number; readonly column: number };
}

export interface RollingStrategy {
	readonly kind: "rolling";
	/** Instances over the declared count, as a count. */
	readonly maxSurge: number;
	readonly maxUnavailable: number;
}
