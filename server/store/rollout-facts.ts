import type { RolloutFacts } from "@/domain/rollout/gate";
import type { Tx } from "@/server/store/client";
import { readDecisions } from "@/server/store/decision";
import { newestRollout, type RolloutRecord } from "@/server/store/rollout";

/** What the gate judges a rollout's verbs by. */
export async function factsOf(tx: Tx, rollout: RolloutRecord): Promise<RolloutFacts> {
	const { service, environment, number, plan, state, requested, pausedAt, pausedBy, authorIds } = rollout;
	const newest = await newestRollout(tx, service, environment);
	const decisions = await readDecisions(tx, rollout.id);
	return {
		number,
		kind: plan.kind,
		state,
		requested,
		pausedBy: pausedAt && (pausedBy ?? "someone"),
		step: plan.steps[rollout.step] ?? null,
		isNewest: newest === null || newest.number <= number,
		approvalRole: plan.approval?.role ?? null,
		authorIds,
		decidedIds: decisions.filter(({ intentHash }) => intentHash === rollout.intentHash).map(({ userId }) => userId),
	};
}
