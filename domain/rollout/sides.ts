import type { WorkloadSpec } from "@/domain/manifest/model";
import type { RolloutMemory } from "@/domain/rollout/memory";
import type { RolloutKind, RolloutPlan } from "@/domain/rollout/model";
import { answering, isReady, type ObservedInstance, type RolloutObservation } from "@/domain/rollout/observation";
import { countAt, type Stage, stageOf } from "@/domain/rollout/stage";

/** A rollout moves from what leaves to what comes; going back is the same with the two swapped. */
export interface Sides {
	readonly isBack: boolean;
	/** How far it may go; null = it goes back. */
	readonly stage: Stage | null;
	/** null = going back to nothing, because nothing served before. */
	readonly target: { readonly release: number; readonly workload: WorkloadSpec } | null;
	/** Instances the target should have now. */
	readonly count: number;
	/** Serving instances there must be, while there are so many. */
	readonly leastServing: number;
	readonly mostLive: number;
	/** The two sides never run at once: what leaves is gone before what comes is made, and nothing serves in between. */
	readonly isExclusive: boolean;
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
	const stage = isBack ? null : stageOf(plan, observation);
	const target = isBack
		? plan.from && plan.fromWorkload && { release: plan.from.number, workload: plan.fromWorkload }
		: { release: plan.to.number, workload: plan.workload };
	const declared = target?.workload.instances ?? 0;
	const count = stage ? countAt(declared, stage.cap) : declared;
	const mustBeNew = plan.kind === "restart" && !isBack;

	const isIncoming = (instance: ObservedInstance): boolean => {
		if (instance.release !== target?.release || isAbandoned(instance, isBack, plan.kind, target.workload, observation, memory))
			return false;
		if (mustBeNew && !instance.isOwn) return false;
		return isLive(instance) || (isBack && recallablePhases.includes(instance.phase) && isReady(instance, observation));
	};
	const incoming = bestFirst(observation.instances.filter(isIncoming), observation).slice(0, count);
	const outgoing = bestFirst(
		observation.instances.filter((instance) => !incoming.includes(instance)),
		observation,
	);
	const room = roomOf(target?.workload ?? plan.workload, declared);
	// With steps the stable release stays whole until the end, so that going back takes one publish.
	const isWhole = stage?.isStepped === true;
	const isExclusive = (target?.workload ?? plan.workload).strategy.kind === "recreate";
	const isTaken = isExclusive && outgoing.some(isInTheWay);
	return {
		isBack,
		stage,
		target,
		count,
		leastServing: isWhole ? count : room.leastServing,
		mostLive: isTaken ? 0 : isWhole || isExclusive ? count + outgoing.filter(isLive).length : declared + room.surge,
		isExclusive,
		incoming,
		outgoing,
	};
}

/**
 * It may still run, or is not yet written down as gone, and asks for its memory meanwhile. On a host that does not
 * answer nobody knows: what holds no volume goes on elsewhere, what holds one is placed nowhere else (place.ts).
 */
function isInTheWay(instance: ObservedInstance): boolean {
	return !instance.isHostSilent;
}

function roomOf({ strategy }: WorkloadSpec, count: number): { leastServing: number; surge: number } {
	if (strategy.kind === "recreate") return { leastServing: 0, surge: 0 };
	if (strategy.kind !== "rolling") return { leastServing: count, surge: Math.max(1, count) };
	const leastServing = Math.max(0, count - strategy.maxUnavailable);
	// Without room above or below the declared count nothing could ever move.
	const surge = strategy.maxSurge === 0 && (strategy.maxUnavailable === 0 || leastServing === 0) ? 1 : strategy.maxSurge;
	return { leastServing, surge };
}

/** Given up: another instance takes its place. Its host is drained or away for too long, or (going back, where giving up is not allowed) it failed and is tried anew. */
function isAbandoned(
	instance: ObservedInstance,
	isBack: boolean,
	kind: RolloutKind,
	workload: WorkloadSpec,
	observation: RolloutObservation,
	memory: RolloutMemory,
): boolean {
	// A volume cannot leave with it: it stays where its data is.
	if (instance.isHostLeaving && !workload.volumes) return true;
	const unready = memory.unreadySince[instance.id];
	// With no proxy answering it is the control plane that is blind, not the host that is lost.
	if (instance.isHostSilent && answering(observation).length > 0)
		// A repair begins when the wait is over.
		return kind === "repair" || (unready !== undefined && observation.now - unready >= workload.deadlines.healthyMs);
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
