import type { BaseImages, Metric } from "@/domain/manifest/model";
import type { Role } from "@/domain/roles";

/** The three documents of a `sluice.yaml`, after their schemas have accepted them. */
export interface ComponentDocument {
	readonly metadata: { readonly name: string; readonly description?: string };
	readonly spec?: { readonly owner?: string };
}

type Variables = Readonly<Record<string, string | number | boolean>>;

interface Probe {
	readonly httpGet: { readonly path: string; readonly port: number };
}

export interface VolumeSettings {
	/** `${resources.<name>}` */
	readonly source: string;
	readonly readOnly?: boolean;
}

export interface ContainerDocument {
	readonly image?: string;
	readonly command?: readonly string[];
	readonly args?: readonly string[];
	readonly variables?: Variables;
	readonly resources?: { readonly limits?: { readonly memory?: string | number; readonly cpu?: string | number } };
	/** Score has both ways: a list with targets, or settings by target. */
	readonly volumes?: readonly (VolumeSettings & { readonly target: string })[] | Readonly<Record<string, VolumeSettings>>;
	readonly readinessProbe?: Probe;
	readonly livenessProbe?: Probe;
}

export interface WorkloadDocument {
	readonly metadata: { readonly name: string };
	readonly containers: Readonly<Record<string, ContainerDocument>>;
	readonly resources?: Readonly<Record<string, { readonly type: "volume" }>>;
	readonly service?: { readonly ports?: Readonly<Record<string, { readonly port: number; readonly targetPort?: number }>> };
}

export interface StrategySettings {
	readonly rolling?: { readonly maxSurge?: string | number; readonly maxUnavailable?: string | number };
	readonly canary?: { readonly steps: readonly StepSettings[] };
	readonly recreate?: Readonly<Record<string, never>>;
}

export interface StepSettings {
	readonly setWeight?: number;
	readonly pause?: { readonly duration?: string };
	readonly analysis?: { readonly count?: number };
}

export interface MetricSettings {
	readonly min?: string;
	readonly maxUnderStable?: string;
	readonly max?: string;
	readonly maxOverStable?: string;
}

export interface AnalysisSettings {
	readonly interval?: string;
	readonly window?: string;
	readonly minRequests?: number;
	readonly failureLimit?: number;
	readonly inconclusiveLimit?: number;
	readonly metrics: Readonly<Partial<Record<Metric, MetricSettings>>>;
}

export interface EnvironmentSettings {
	readonly instances?: number;
	readonly variables?: Variables;
	readonly strategy?: StrategySettings;
	readonly analysis?: AnalysisSettings;
	readonly approvals?: { readonly count?: number; readonly role?: Role; readonly expires?: string };
	readonly after?: string;
	/** Path in the container -> `${secret.NAME}` or `${config.NAME}`. */
	readonly files?: Readonly<Record<string, string>>;
}

export interface DeliveryDocument {
	readonly metadata: { readonly name: string };
	readonly build?: {
		readonly context?: string;
		readonly dockerfile?: string;
		readonly target?: string;
		readonly baseImages?: BaseImages;
	};
	readonly test?: { readonly target: string; readonly command: readonly string[] };
	readonly environments?: Readonly<Record<string, EnvironmentSettings>>;
	readonly ports?: Readonly<Record<string, { readonly protocol?: "http" | "h2c" | "tcp" }>>;
	readonly expose?: boolean;
	/** A connection to this port is healthy enough: for what answers no plain GET, as a WebSocket server. */
	readonly health?: { readonly tcp: string };
	readonly strategy?: StrategySettings;
	readonly analysis?: AnalysisSettings;
	readonly deadlines?: {
		readonly pull?: string;
		readonly healthy?: string;
		readonly drain?: string;
		readonly stopGrace?: string;
	};
	readonly timeouts?: { readonly request?: string; readonly streamIdle?: string };
}

export interface Documents {
	readonly component: ComponentDocument | null;
	readonly workload: WorkloadDocument;
	readonly delivery: DeliveryDocument | null;
}
