import { ActivityFailure, ApplicationFailure, continueAsNew, proxyActivities, sleep, workflowInfo } from "@temporalio/workflow";
import type { Action } from "@/domain/rollout/action";
import { emptyMemory, type RolloutMemory, remember } from "@/domain/rollout/memory";
import type { RolloutPlan } from "@/domain/rollout/model";
import { nextAction } from "@/domain/rollout/next-action";
import type { RolloutObservation } from "@/domain/rollout/observation";
import type { RolloutActivities } from "@/workflows/activities/rollout";

/**
 * One rollout: observe, decide (pure), act, observe again, until it has ended. It guarantees what nextAction does; a
 * worker killed anywhere makes the same decision again from the same world, and every act is safe to repeat. It never
 * fails: what cannot be done is tried again or turned back, Postgres being away is waited for, and it ends only with
 * one release active, or tells what it waits for.
 */
export interface RolloutInput {
	readonly rolloutId: string;
	/** Carried over when a long history is begun anew. */
	readonly memory?: RolloutMemory;
}

const retry = { initialInterval: "200 milliseconds", maximumInterval: "5 seconds" } as const;
const acts = proxyActivities<RolloutActivities>({ startToCloseTimeout: "1 minute", heartbeatTimeout: "5 seconds", retry });
const waits = proxyActivities<RolloutActivities>({ startToCloseTimeout: "10 minutes", heartbeatTimeout: "5 seconds", retry });

export async function rollout({ rolloutId, memory = emptyMemory }: RolloutInput): Promise<void> {
	let { plan, observation } = await acts.beginRollout(rolloutId);
	for (;;) {
		memory = remember(memory, observation);
		const action = nextAction(plan, observation, memory);
		if (action.kind === "finish") return acts.finishRollout(rolloutId, { state: action.state, reason: action.reason });
		({ observation, memory, plan } = { plan, ...(await act(rolloutId, action, memory)) });
		if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof rollout>({ rolloutId, memory });
	}
}

interface Step {
	/** When it is another one now. */
	readonly plan?: RolloutPlan;
	readonly observation: RolloutObservation;
	readonly memory: RolloutMemory;
}

async function act(rolloutId: string, action: Exclude<Action, { kind: "finish" }>, memory: RolloutMemory): Promise<Step> {
	try {
		switch (action.kind) {
			case "pull":
				return { observation: await acts.pullAhead(rolloutId), memory };
			case "create":
				return { observation: await acts.createInstances(rolloutId, action), memory: { ...memory, placement: null } };
			case "publish":
				return { observation: await acts.publishTraffic(rolloutId, action), memory };
			case "stop":
				return { observation: await acts.stopInstances(rolloutId, action), memory };
			case "hold":
				return { observation: await acts.holdInstances(rolloutId, action), memory };
			case "turn-back":
				return {
					observation: await acts.turnBack(rolloutId, action.reason),
					memory: { ...memory, turnBack: action.reason, placement: null },
				};
			case "begin":
				// What was approved may have been edited since this began: from here on that plan runs and no other.
				return { ...(await acts.startMoving(rolloutId)), memory };
			case "advance":
				return { observation: await acts.advanceStep(rolloutId, action), memory };
			case "analyse":
				return { observation: await acts.analyseCandidate(rolloutId, action.step), memory };
			case "wait":
				return await waits.awaitChange(rolloutId, memory);
		}
	} catch (error) {
		return recover(rolloutId, error, memory);
	}
}

/** A failure that repeating does not help: no room is a fact to decide by, anything else is told and tried again later. */
async function recover(rolloutId: string, error: unknown, memory: RolloutMemory): Promise<Step> {
	const cause = error instanceof ActivityFailure ? error.cause : error;
	if (!(cause instanceof ApplicationFailure)) throw error;
	const observation = await acts.recordProblem(rolloutId, cause.message);
	if (cause.type === "does-not-fit")
		return { observation, memory: { ...memory, placement: { problem: cause.message, at: observation.now } } };
	await sleep("5 seconds");
	return { observation, memory };
}
