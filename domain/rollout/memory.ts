import { isReady, type RolloutObservation } from "@/domain/rollout/observation";

/** Since when something has been as it is: what one observation cannot know. Kept by the workflow, in its history. */
export interface RolloutMemory {
	/** Instance -> first seen running. */
	readonly runningSince: Readonly<Record<string, number>>;
	/** Instance -> first seen not ready, since it was ready last. */
	readonly unreadySince: Readonly<Record<string, number>>;
	/** Since when some answering proxy has not acknowledged the revision. */
	readonly unacknowledgedSince: { readonly revision: number; readonly at: number } | null;
	/** Why the last try to place instances failed. */
	readonly placement: { readonly problem: string; readonly at: number } | null;
	/** Why it went back; an alarm may stand in the rollout's reason meanwhile. */
	readonly turnBack: string | null;
}

export const emptyMemory: RolloutMemory = {
	runningSince: {},
	unreadySince: {},
	unacknowledgedSince: null,
	placement: null,
	turnBack: null,
};

/** The memory after one more look. Looking twice at the same changes nothing. */
export function remember(memory: RolloutMemory, observation: RolloutObservation): RolloutMemory {
	const { now, traffic } = observation;
	const runningSince: Record<string, number> = {};
	const unreadySince: Record<string, number> = {};
	for (const instance of observation.instances) {
		if (instance.observed === "running") runningSince[instance.id] = memory.runningSince[instance.id] ?? now;
		if (!isReady(instance, observation)) unreadySince[instance.id] = memory.unreadySince[instance.id] ?? now;
	}
	const last = memory.unacknowledgedSince;
	return {
		...memory,
		runningSince,
		unreadySince,
		unacknowledgedSince: last?.revision === traffic.revision ? last : { revision: traffic.revision, at: now },
	};
}
