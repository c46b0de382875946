import type { Log } from "@/adapters/log/log";
import type { AdvanceAction, CreateAction, HoldAction, PublishAction, StopAction, WaitAction } from "@/domain/rollout/action";
import { type RolloutMemory, remember } from "@/domain/rollout/memory";
import type { RolloutPlan } from "@/domain/rollout/model";
import { nextAction } from "@/domain/rollout/next-action";
import type { RolloutObservation } from "@/domain/rollout/observation";
import type { Database } from "@/server/store/client";
import { getRollout, type RolloutRecord } from "@/server/store/rollout";
import { observeRollout } from "@/server/store/rollout-observation";
import { asActivity } from "@/workflows/activities/as-activity";
import { createInstances } from "@/workflows/activities/create-instances";
import { publishIntent } from "@/workflows/activities/publish-intent";
import { pullAhead } from "@/workflows/activities/pull-ahead";
import { tellNews } from "@/workflows/activities/rollout-news";
import {
	beginRollout,
	endRollout,
	type FinishedRollout,
	hold,
	recordProblem,
	setAlarm,
	stop,
	turnBack,
} from "@/workflows/activities/rollout-records";
import { advanceStep, analyseCandidate, startMoving } from "@/workflows/activities/rollout-steps";
import type { Notices } from "@/workflows/notices";

export interface RolloutActivityDeps {
	readonly database: Database;
	readonly installation: { readonly id: string; readonly domain: string };
	readonly notices: Notices;
	readonly log: Log;
	/** How the world is read; a bench or a test may read it through glasses of its own. Default: Postgres. */
	readonly observe?: (rollout: RolloutRecord) => Promise<RolloutObservation>;
}

export type RolloutActivities = ReturnType<typeof createRolloutActivities>;

/** After this the workflow hears from a wait even when nothing happened. */
const longestWaitMs = 5 * 60_000;
/** A lease that runs out tells nobody: look again though nothing was told. */
const lookAgainMs = 1_000;
/** People take their time, and are told of. */
const lookAgainForPeopleMs = 30_000;

function pauseOf({ until }: WaitAction, { state, now }: RolloutObservation): number {
	return state === "awaiting-approval" ? Math.max(0, Math.min(lookAgainForPeopleMs, (until ?? Infinity) - now)) : lookAgainMs;
}

/** Each is safe to repeat, and answers with the world as it is after it, so that a step costs one activity. */
export function createRolloutActivities(deps: RolloutActivityDeps) {
	const { database } = deps;
	const observe = deps.observe ?? ((rollout) => observeRollout(database, rollout));

	const act = (rolloutId: string, body: (rollout: RolloutRecord) => Promise<void>): Promise<RolloutObservation> =>
		asActivity(async () => {
			const rollout = await getRollout(database, rolloutId);
			await body(rollout);
			return observe(rollout);
		});

	return {
		beginRollout: (rolloutId: string): Promise<{ plan: RolloutPlan; observation: RolloutObservation }> =>
			asActivity(async () => {
				const rollout = await getRollout(database, rolloutId);
				await beginRollout(database, rollout);
				return { plan: rollout.plan, observation: await observe(rollout) };
			}),
		/** Answers with the plan that was approved: it is read again, not taken from before. */
		startMoving: (rolloutId: string): Promise<{ plan: RolloutPlan; observation: RolloutObservation }> =>
			asActivity(async () => {
				const rollout = await getRollout(database, rolloutId);
				await startMoving(database, rollout);
				return { plan: rollout.plan, observation: await observe(rollout) };
			}),
		advanceStep: (rolloutId: string, action: AdvanceAction) =>
			act(rolloutId, (rollout) => advanceStep(database, rollout, action)),
		analyseCandidate: (rolloutId: string, step: number) => act(rolloutId, (rollout) => analyseCandidate(database, rollout, step)),
		pullAhead: (rolloutId: string) => act(rolloutId, (rollout) => pullAhead(database, rollout)),
		createInstances: (rolloutId: string, action: CreateAction) =>
			act(rolloutId, (rollout) => createInstances(deps, rollout, action)),
		publishTraffic: (rolloutId: string, action: PublishAction) =>
			act(rolloutId, (rollout) => publishIntent(deps, rollout, action)),
		stopInstances: (rolloutId: string, action: StopAction) => act(rolloutId, (rollout) => stop(database, rollout, action)),
		holdInstances: (rolloutId: string, action: HoldAction) => act(rolloutId, (rollout) => hold(database, rollout, action)),
		turnBack: (rolloutId: string, reason: string) => act(rolloutId, (rollout) => turnBack(database, rollout, reason)),
		recordProblem: (rolloutId: string, problem: string) => act(rolloutId, (rollout) => recordProblem(database, rollout, problem)),
		finishRollout: (rolloutId: string, end: FinishedRollout): Promise<void> =>
			asActivity(async () => endRollout(database, await getRollout(database, rolloutId), end)),

		/** Waits until there is something to do, told by Postgres; what it learned meanwhile comes back with the observation. */
		awaitChange: (
			rolloutId: string,
			memory: RolloutMemory,
		): Promise<{ observation: RolloutObservation; memory: RolloutMemory }> =>
			asActivity<RolloutMemory, { observation: RolloutObservation; memory: RolloutMemory }>(async ({ signal, kept, keep }) => {
				const rollout = await getRollout(database, rolloutId);
				const follower = deps.notices.follow("observed", `${rollout.service}/${rollout.environment}`);
				const endsAt = Date.now() + longestWaitMs;
				let known = kept ?? memory;
				try {
					for (;;) {
						const observation = await observe(rollout);
						known = remember(known, observation);
						keep(known);
						const action = nextAction(rollout.plan, observation, known);
						await tellNews(database, rollout, observation);
						if (action.kind !== "wait" || signal.aborted || Date.now() >= endsAt) return { observation, memory: known };
						if (await setAlarm(database, rollout, observation, action.alarm)) continue;
						await follower.next(pauseOf(action, observation), signal);
					}
				} finally {
					follower.close();
				}
			}),
	};
}
