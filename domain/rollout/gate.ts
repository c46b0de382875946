import { endedStates, type RolloutState } from "@/domain/rollout/model";

/** Why an abort is not allowed now, as a sentence; null = allowed. UI, API and workflow ask this same function. */
export function whyNotAbort(rollout: { number: number; state: RolloutState; requested: string | null }): string | null {
	if (endedStates.includes(rollout.state))
		return `Rollout ${rollout.number} has ended (${rollout.state}): start a new one instead.`;
	if (rollout.state === "rolling-back" || rollout.state === "waiting") return `Rollout ${rollout.number} is already going back.`;
	if (rollout.requested === "abort") return `Rollout ${rollout.number} is already asked to abort.`;
	return null;
}
