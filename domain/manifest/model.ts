import type { Role } from "@/domain/roles";
import type { HealthCheck, TrafficPort } from "@/domain/traffic/model";

/** A checked `sluice.yaml`: all environments. Stored with each release, so a release means the same for ever. */
export interface Manifest {
	readonly service: string;
	readonly description: string;
	readonly owner: string;
	/** null = it runs `image`. */
	readonly build: ManifestBuild | null;
	/** What runs where nothing is built, as written: `postgres:16`. */
	readonly image?: string;
	/** null = "no tests", never "passed". */
	readonly test: { readonly target: string; readonly command: readonly string[] } | null;
	readonly environments: Readonly<Record<string, WorkloadSpec>>;
}

export interface ManifestBuild {
	readonly context: string;
	readonly dockerfile: string;
	readonly target: string | null;
	/** `hub`: nothing takes the place of an image that no registry gives. Left out = a base of Sluice's may. */
	readonly baseImages?: "hub";
}

export const baseImagesChoices = ["substitute", "hub"] as const;

export type BaseImages = (typeof baseImagesChoices)[number];

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
	/** Left out = none. With one: one instance, and `recreate`. */
	readonly volumes?: readonly VolumeMount[];
	/** Reachable at the gateway. */
	readonly exposed: boolean;
	readonly requestTimeoutMs: number;
	readonly streamIdleTimeoutMs: number;
	readonly stopGraceMs: number;
	readonly strategy: Strategy;
	/** null = nothing is measured. */
	readonly analysis: AnalysisSpec | null;
	/** null = nobody is asked. */
	readonly approval: ApprovalSpec | null;
	/** Releases that a pipeline promoted there go on to here by themselves. */
	readonly after: string | null;
	readonly deadlines: { readonly pullMs: number; readonly healthyMs: number; readonly drainMs: number };
}

export type Strategy = RollingStrategy | CanaryStrategy | RecreateStrategy;

/** A volume belongs to a service in an environment, and stays when instances, releases and rollouts are gone. */
export interface VolumeMount {
	readonly name: string;
	/** Path in the container. */
	readonly target: string;
	readonly readOnly: boolean;
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

/** All old instances are drained and stopped before the first new one starts: nothing serves in between, and that is said beforehand. */
export interface RecreateStrategy {
	readonly kind: "recreate";
}

/** All traffic at the end without saying so. */
export interface CanaryStrategy {
	readonly kind: "canary";
	readonly steps: readonly CanaryStep[];
}

export type CanaryStep =
	/** The candidate's share, 0 to 100, two decimals at most; rises from step to step. */
	| { readonly kind: "weight"; readonly weight: number }
	/** null = until a person promotes. */
	| { readonly kind: "pause"; readonly durationMs: number | null }
	/** Until so many measurements in it were successful. */
	| { readonly kind: "analysis"; readonly count: number };

export const metrics = ["success-rate", "latency-p50", "latency-p95", "latency-p99"] as const;
export type Metric = (typeof metrics)[number];

/** Limits of one metric; null = no such limit. Shares are 0 to 1, latencies in microseconds. */
export interface MetricRule {
	readonly metric: Metric;
	/** success-rate only. */
	readonly min: number | null;
	/** success-rate only: so much less than the stable release's. */
	readonly maxUnderStable: number | null;
	/** Latencies only. */
	readonly max: number | null;
	/** Latencies only: 0.5 = half as much again as the stable release's. */
	readonly maxOverStable: number | null;
}

export interface AnalysisSpec {
	/** Between two measurements. */
	readonly intervalMs: number;
	/** What a measurement looks back on; never before the present weight was in force. */
	readonly windowMs: number;
	/** Of the candidate; fewer = inconclusive. */
	readonly minRequests: number;
	/** So many failed measurements are forgiven. */
	readonly failureLimit: number;
	/** So many inconclusive or broken ones in a step; more = it waits for a person. */
	readonly inconclusiveLimit: number;
	readonly rules: readonly MetricRule[];
}

export interface ApprovalSpec {
	readonly count: number;
	/** The least role. */
	readonly role: Role;
	readonly expiresMs: number;
}
