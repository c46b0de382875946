import type { Action } from "@/domain/rollout/action";
import { advance, analyse } from "@/domain/rollout/advance";
import { awaitApproval } from "@/domain/rollout/approval";
import { finish } from "@/domain/rollout/finish";
import { isPublishedAlready, trafficGoal } from "@/domain/rollout/goal";
import type { RolloutMemory } from "@/domain/rollout/memory";
import type { RolloutPlan } from "@/domain/rollout/model";
import { blockersOf, isDrained, type ObservedInstance, type RolloutObservation } from "@/domain/rollout/observation";
import { pullAhead, pullsPending } from "@/domain/rollout/pull-ahead";
import { proxiesSentence } from "@/domain/rollout/sentences";
import { drainDeadline, isLive, retryMs, type Sides, sidesOf } from "@/domain/rollout/sides";
import { reasonToTurnBack } from "@/domain/rollout/turn-back";
import { wait } from "@/domain/rollout/wait";

/**
 * The next thing to do, from what is true now and nothing else: after a crash the same world gives the same action.
 * Guarantees: no instance is stopped before every proxy that is not proven dead shows it drained (or the drain
 * deadline is over and every such proxy shows DRAINING); never fewer serving than declared by its own doing, but with
 * `recreate`, where nothing new is made before all that was is gone, and nothing stopped before the new image is
 * there; going back ends with what served before, or
 * waits with an alarm.
 */
export function nextAction(plan: RolloutPlan, observation: RolloutObservation, memory: RolloutMemory): Action {
	const asked = awaitApproval(plan, observation);
	if (asked) return asked;
	const sides = sidesOf(plan, observation, memory);
	return (
		reasonToTurnBack(plan, sides, observation, memory) ??
		pullAhead(plan, sides, observation) ??
		(pullsPending(plan, sides, observation).length > 0 ? wait(plan, sides, observation, memory) : null) ??
		stop(plan, sides, observation) ??
		create(sides, observation, memory) ??
		publish(sides, observation) ??
		hold(plan, sides, observation) ??
		analyse(plan, sides, observation) ??
		advance(sides, observation) ??
		finish(plan, sides, observation, memory) ??
		wait(plan, sides, observation, memory)
	);
}

function stop(plan: RolloutPlan, sides: Sides, observation: RolloutObservation): Action | null {
	const instances = sides.outgoing.filter((instance) => mayStop(instance, plan, sides, observation)).map(({ id }) => id);
	return instances.length > 0 ? { kind: "stop", instances } : null;
}

function mayStop(instance: ObservedInstance, plan: RolloutPlan, sides: Sides, observation: RolloutObservation): boolean {
	switch (instance.phase) {
		case "desired":
			return true;
		case "warm":
			return !wasRouted(instance.release, observation);
		case "draining":
		case "held":
			return (
				isDrained(instance, observation) ||
				(observation.now >= drainDeadline(instance, plan, sides) && blockersOf(instance, observation).length === 0)
			);
		case "serving":
		case "stopping":
		case "gone":
			return false;
	}
}

/** Its cluster has or had a share of the traffic, so a healthy endpoint in it may have requests even though it was never counted. */
function wasRouted(release: number, observation: RolloutObservation): boolean {
	return (
		observation.traffic.releases.some((published) => published.release === release && published.weight > 0) ||
		observation.instances.some((other) => other.release === release && ["serving", "draining", "held"].includes(other.phase))
	);
}

function create(sides: Sides, observation: RolloutObservation, memory: RolloutMemory): Action | null {
	// Held between stop and start it would serve nothing for as long as the pause lasts.
	if (!sides.target || (observation.pause && !sides.isBack && !sides.isExclusive)) return null;
	if (memory.placement && observation.now - memory.placement.at < retryMs) return null;
	const live = sides.incoming.length + sides.outgoing.filter(isLive).length;
	const count = Math.min(sides.count - sides.incoming.length, sides.mostLive - live);
	if (count <= 0) return null;
	return {
		kind: "create",
		release: sides.target.release,
		ordinals: Array.from({ length: count }, (_, index) => observation.made + index),
	};
}

function publish(sides: Sides, observation: RolloutObservation): Action | null {
	const intent = trafficGoal(sides, observation);
	const forget = observation.instances.filter((instance) => instance.isGone).map(({ id }) => id);
	return forget.length === 0 && isPublishedAlready(intent, observation) ? null : { kind: "publish", intent, forget };
}

function hold(plan: RolloutPlan, sides: Sides, observation: RolloutObservation): Action | null {
	const overdue = sides.outgoing.filter(
		(instance) => instance.phase === "draining" && observation.now >= drainDeadline(instance, plan, sides),
	);
	if (overdue.length === 0) return null;
	const blockers = new Map(overdue.flatMap((instance) => blockersOf(instance, observation).map((proxy) => [proxy.id, proxy])));
	return { kind: "hold", instances: overdue.map(({ id }) => id), reason: proxiesSentence([...blockers.values()], observation) };
}
