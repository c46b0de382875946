import type { WorkloadSpec } from "@/domain/manifest/model";
import type { RolloutMemory } from "@/domain/rollout/memory";
import type { RolloutPlan } from "@/domain/rollout/model";
import { answering, isReady, type ObservedInstance, type RolloutObservation } from "@/domain/rollout/observation";

/** A rollout moves from what leaves to what comes; going back is the same with the two swapped. */
export interface Sides {
	readonly isBack: boolean;
	/** null = going back to nothing, because nothing served before. */
	readonly target: { readonly release: number; readonly workload: WorkloadSpec } | null;
	/** Instances the target should have. */
	readonly count: number;
	/** Serving instances there must be, while there are so many. */
	readonly leastServing: number;
	readonly mostLive: number;
	/** Of the target, on the way to serving or serving; at most `count`, best first. */
	readonly incoming: readonly ObservedInstance[];
	/** Everything else that may still get requests or run: to be drained and stopped. */
	readonly outgoing: readonly ObservedInstance[];
}

const livePhases: readonly string[] = ["desired", "warm", "serving"];
const recallablePhases: readonly string[] = ["draining", "held"];

export function isLive(instance: ObservedInstance): boolean {
	return livePhases.includes(instance.phase);
}

export function sidesOf(plan: RolloutPlan, observation: RolloutObservation, memory: RolloutMemory): Sides {
	const isBack = observation.state === "rolling-back" || observation.state === "waiting";
	const target = isBack
		? plan.from && plan.fromWorkload && { release: plan.from.number, workload: plan.fromWorkload }
		: { release: plan.to.number, workload: plan.workload };
	const count = target?.workload.instances ?? 0;
	const { maxSurge, maxUnavailable } = (target?.workload ?? plan.workload).strategy;
	const leastServing = Math.max(0, count - maxUnavailable);
	// Without room above or below the declared count nothing could ever move.
	const surge = maxSurge === 0 && (maxUnavailable === 0 || leastServing === 0) ? 1 : maxSurge;

	const isIncoming = (instance: ObservedInstance): boolean => {
		if (instance.release !== target?.release || isAbandoned(instance, isBack, target.workload, observation, memory)) return false;
		return isLive(instance) || (isBack && recallablePhases.includes(instance.phase) && isReady(instance, observation));
	};
	const incoming = bestFirst(observation.instances.filter(isIncoming), observation).slice(0, count);
	const outgoing = bestFirst(
		observation.instances.filter((instance) => !incoming.includes(instance)),
		observation,
	);
	return { isBack, target, count, leastServing, mostLive: count + surge, incoming, outgoing };
}

/** Given up: another instance takes its place. Its host is away for too long, or (going back, where giving up is not allowed) it failed and is tried anew. */
function isAbandoned(
	instance: ObservedInstance,
	isBack: boolean,
	workload: WorkloadSpec,
	observation: RolloutObservation,
	memory: RolloutMemory,
): boolean {
	const unready = memory.unreadySince[instance.id];
	// With no proxy answering it is the control plane that is blind, not the host that is lost.
	if (instance.isHostSilent && answering(observation).length > 0)
		return unready !== undefined && observation.now - unready >= workload.deadlines.healthyMs;
	return isBack && instance.observed === "failed" && observation.now - instance.createdAt >= retryMs;
}

/** How long a failed try to restore the stable release stands before the next. */
export const retryMs = 10_000;

/** Ready before not, serving before not, then by id: which ones stay is the same at every look. */
function bestFirst(instances: readonly ObservedInstance[], observation: RolloutObservation): ObservedInstance[] {
	const rank = (instance: ObservedInstance) =>
		(instance.phase === "serving" ? 0 : 2) + (isReady(instance, observation) ? 0 : 1) + (isLive(instance) ? 0 : 4);
	return [...instances].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

/** Until when requests in flight may go on. */
export function drainDeadline(instance: ObservedInstance, plan: RolloutPlan, sides: Sides): number {
	return (instance.drainingAt ?? instance.createdAt) + (sides.target?.workload ?? plan.workload).deadlines.drainMs;
}
