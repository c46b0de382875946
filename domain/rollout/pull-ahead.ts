import type { Action } from "@/domain/rollout/action";
import type { RolloutPlan } from "@/domain/rollout/model";
import type { ObservedPull, RolloutObservation } from "@/domain/rollout/observation";
import { seconds } from "@/domain/rollout/sentences";
import type { Sides } from "@/domain/rollout/sides";

/**
 * With `recreate` what serves stops before its successor starts: a pull in between would be downtime, and an image that
 * cannot be pulled would be found out too late. So hosts are asked for it first, and nothing is moved before they have it.
 */
function isAhead(plan: RolloutPlan, sides: Sides, { pulls }: RolloutObservation): boolean {
	if (pulls === undefined || sides.isBack || !sides.isExclusive || sides.target === null) return false;
	if (plan.from === null || plan.from.digest === plan.to.digest) return false;
	return sides.outgoing.some(({ phase, isHostSilent }) => phase === "serving" && !isHostSilent);
}

/** Asks the hosts; null = not needed, or done already. */
export function pullAhead(plan: RolloutPlan, sides: Sides, observation: RolloutObservation): Action | null {
	if (!isAhead(plan, sides, observation) || observation.pulls?.length !== 0) return null;
	return { kind: "pull", release: plan.to.number };
}

/** Hosts whose word is still out, each with the time until which it may be. One that does not answer holds up nothing. */
export function pullsPending(
	plan: RolloutPlan,
	sides: Sides,
	observation: RolloutObservation,
): { readonly host: string; readonly until: number }[] {
	if (!isAhead(plan, sides, observation)) return [];
	return (observation.pulls ?? [])
		.filter((pull) => !pull.isPulled && !pull.isHostSilent)
		.map((pull) => ({ host: pull.host, until: pullDeadline(plan, pull) }));
}

/** Why the image cannot be had, as a sentence; null = it can. */
export function pullFailure(plan: RolloutPlan, sides: Sides, observation: RolloutObservation): string | null {
	if (!isAhead(plan, sides, observation)) return null;
	for (const pull of observation.pulls ?? []) {
		if (pull.isPulled || pull.isHostSilent) continue;
		if (pull.problem !== null)
			return `${pull.host} cannot pull the image of release ${plan.to.number}: ${pull.problem}; nothing was stopped`;
		if (observation.now >= pullDeadline(plan, pull))
			return `${pull.host} does not have the image of release ${plan.to.number} after ${seconds(plan.workload.deadlines.pullMs)}; nothing was stopped`;
	}
	return null;
}

function pullDeadline({ workload }: RolloutPlan, { askedAt }: ObservedPull): number {
	return askedAt + workload.deadlines.pullMs;
}
