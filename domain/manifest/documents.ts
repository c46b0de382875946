/** The three documents of a `sluice.yaml`, after their schemas have accepted them. */
export interface ComponentDocument {
	readonly metadata: { readonly name: string; readonly description?: string };
	readonly spec?: { readonly owner?: string };
}

type Variables = Readonly<Record<string, string | number | boolean>>;

interface Probe {
	readonly httpGet: { readonly path: string; readonly port: number };
}

export interface ContainerDocument {
	readonly command?: readonly string[];
	readonly args?: readonly string[];
	readonly variables?: Variables;
	readonly resources?: { readonly limits?: { readonly memory?: string | number; readonly cpu?: string | number } };
	readonly readinessProbe?: Probe;
	readonly livenessProbe?: Probe;
}

export interface WorkloadDocument {
	readonly metadata: { readonly name: string };
	readonly containers: Readonly<Record<string, ContainerDocument>>;
	readonly service?: { readonly ports?: Readonly<Record<string, { readonly port: number; readonly targetPort?: number }>> };
}

export interface EnvironmentDocument {
	readonly instances?: number;
	readonly variables?: Variables;
	/** Path in the container -> `${secret.NAME}` or `${config.NAME}`. */
	readonly files?: Readonly<Record<string, string>>;
}

export interface DeliveryDocument {
	readonly metadata: { readonly name: string };
	readonly build?: { readonly context?: string; readonly dockerfile?: string; readonly target?: string };
	readonly test?: { readonly target: string; readonly command: readonly string[] };
	readonly environments?: Readonly<Record<string, EnvironmentDocument>>;
	readonly ports?: Readonly<Record<string, { readonly protocol?: "http" | "h2c" | "tcp" }>>;
	readonly expose?: boolean;
	readonly strategy?: { readonly rolling: { readonly maxSurge?: string | number; readonly maxUnavailable?: string | number } };
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
