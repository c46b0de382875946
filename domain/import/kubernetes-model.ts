import type { Facts, HealthFact, Place, VariableFact } from "@/domain/import/model";

export interface ContainerPort {
	readonly number: number;
	readonly name: string | null;
	readonly at: Place;
}

/** One container of a workload, as far as it is read. */
export interface KubernetesContainer extends Pick<Facts, "memory" | "cpu" | "command" | "volumes" | "notes"> {
	readonly name: string;
	readonly image: string;
	readonly at: Place;
	readonly ports: readonly ContainerPort[];
	readonly health: HealthFact | null;
	readonly variables: readonly VariableFact[];
}

/** A Deployment or a StatefulSet. */
export interface KubernetesWorkload extends Pick<Facts, "instances" | "notes"> {
	readonly kind: string;
	readonly name: string;
	readonly at: Place;
	/** Of its pods: a Service finds them so. */
	readonly labels: ReadonlyMap<string, string>;
	readonly containers: readonly KubernetesContainer[];
}

export interface ServicePort {
	readonly port: number;
	/** A number, or the name of a container's port. */
	readonly target: string;
	readonly name: string | null;
	readonly appProtocol: string;
	readonly at: Place;
}

export interface KubernetesService {
	readonly name: string;
	readonly selector: ReadonlyMap<string, string>;
	readonly ports: readonly ServicePort[];
}
