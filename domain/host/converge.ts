import type { DesiredInstance } from "@/domain/host/model";

/** One container of this host, of whoever; read from Docker. */
export interface ActualContainer {
	readonly containerId: string;
	readonly name: string;
	/** Label values; null = the label is not there. */
	readonly installation: string | null;
	readonly role: string | null;
	readonly instance: string | null;
	readonly stopGraceMs: number;
	/** The engine's names of the volumes it mounts. */
	readonly volumes: readonly string[];
	readonly state: "created" | "running" | "restarting" | "exited" | "other";
}

export type ConvergeAction =
	| { readonly kind: "create"; readonly instance: DesiredInstance }
	| { readonly kind: "start"; readonly instance: DesiredInstance; readonly containerId: string }
	/** Stop with its grace, then remove. */
	| { readonly kind: "remove"; readonly instanceId: string; readonly containerId: string; readonly stopGraceMs: number };

/** Is this one of the instances we look after? Containers of others, and of builds, are never touched. */
export function isOwn(container: ActualContainer, installation: string): boolean {
	return container.installation === installation && container.role === "instance" && container.instance !== null;
}

/**
 * What is missing between desired and actual. Done, it is empty: doing it twice is doing it once. An exited container
 * is Docker's to restart; a second container of one instance, which only a crash between two calls could make, goes.
 * Nothing is created or started beside another container that mounts one of its volumes: two would write into each
 * other's data, whatever the control plane believes.
 */
export function plan(
	installation: string,
	desired: readonly DesiredInstance[],
	actual: readonly ActualContainer[],
): ConvergeAction[] {
	const own = actual.filter((container) => isOwn(container, installation));
	const wanted = new Map(desired.map((instance) => [instance.id, instance]));
	const kept = new Map<string, ActualContainer>();
	for (const container of own) {
		const id = container.instance ?? "";
		if (wanted.has(id) && (!kept.has(id) || isBetter(container, kept.get(id)))) kept.set(id, container);
	}
	const removals = own
		.filter((container) => kept.get(container.instance ?? "") !== container)
		.map(({ instance, containerId, stopGraceMs }) => ({
			kind: "remove" as const,
			instanceId: instance ?? "",
			containerId,
			stopGraceMs,
		}));
	const holders = own.map(({ instance, volumes }) => ({ instance: instance ?? "", volumes }));
	const additions = desired.flatMap((instance): ConvergeAction[] => {
		const container = kept.get(instance.id);
		const volumes = (instance.volumes ?? []).map(({ id }) => id);
		const isTaken = holders.some((other) => other.instance !== instance.id && other.volumes.some((id) => volumes.includes(id)));
		if (isTaken) return [];
		holders.push({ instance: instance.id, volumes });
		if (!container) return [{ kind: "create", instance }];
		return container.state === "created" ? [{ kind: "start", instance, containerId: container.containerId }] : [];
	});
	return [...removals, ...additions];
}

function isBetter(container: ActualContainer, other: ActualContainer | undefined): boolean {
	return container.state === "running" && other?.state !== "running";
}
