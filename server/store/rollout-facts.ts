import type { RolloutFacts } from "@/domain/rollout/gate";
import type { Tx } from "@/server/store/client";
import { readDecisions } from "@/server/store/decision";
import { newestMoved, type RolloutRecord } from "@/server/store/rollout";
import { getServiceEnvironment } from "@/server/store/traffic";

/** What the gate judges a rollout's verbs by. */
export async function factsOf(tx: Tx, rollout: RolloutRecord): Promise<RolloutFacts> {
	const { service, environment, number, plan, state, requested, pausedAt, pausedBy, authorIds } = rollout;
	const newest = await newestMoved(tx, service, environment);
	const here = await getServiceEnvironment(tx, service, environment);
	const decisions = await readDecisions(tx, rollout.id);
	return {
		number,
		kind: plan.kind,
		state,
		requested,
		pausedBy: pausedAt && (pausedBy ?? "someone"),
		step: plan.steps[rollout.step] ?? null,
		isNewest: newest === null || newest.number <= number,
		isServing: here.stableReleaseId === plan.to.id,
		approvalRole: plan.approval?.role ?? null,
		authorIds,
		decidedIds: decisions.filter(({ intentHash }) => intentHash === rollout.intentHash).map(({ userId }) => userId),
	};
}
