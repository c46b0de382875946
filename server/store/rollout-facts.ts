import { frozenSentence } from "@/domain/freeze/gate";
import type { RolloutFacts } from "@/domain/rollout/gate";
import type { Tx } from "@/server/store/client";
import { type DecisionRow, readDecisionsOf } from "@/server/store/decision";
import { type FreezeOf, freezesNow } from "@/server/store/freeze";
import type { RolloutRecord } from "@/server/store/rollout";

/** What the gate judges a rollout's verbs by. */
export async function factsOf(tx: Tx, rollout: RolloutRecord): Promise<RolloutFacts> {
	const decisions = await readDecisionsOf(tx, [rollout.id]);
	const places = await readPlaces(tx, [rollout.id]);
	const freezeOf = await freezesNow(tx, rollout.environment);
	return factsAmong(rollout, places, decisions.get(rollout.id) ?? [], freezeOf);
}

export function factsAmong(
	rollout: RolloutRecord,
	places: ReadonlyMap<string, Place>,
	decisions: readonly DecisionRow[],
	freezeOf: FreezeOf,
): RolloutFacts {
	const { id, number, plan, state, requested, pausedAt, pausedBy, authorIds, createdAt } = rollout;
	const freeze = state === "awaiting-approval" ? freezeOf(plan.service, plan.environment) : null;
	const here = places.get(id);
	return {
		number,
		kind: plan.kind,
		state,
		requested,
		pausedBy: pausedAt && (pausedBy ?? "someone"),
		step: plan.steps[rollout.step] ?? null,
		isNewest: (here?.newest ?? number) <= number,
		isServing: here?.stableReleaseId === plan.to.id,
		approvalRole: plan.approval?.role ?? null,
		authorIds,
		decidedIds: decisions.filter(({ intentHash }) => intentHash === rollout.intentHash).map(({ userId }) => userId),
		// What was let in during the freeze (a second try, an override) is not kept out by it.
		frozen: freeze && freeze.from > createdAt ? frozenSentence(freeze) : null,
	};
}

interface Place {
	/** Number of the newest rollout there that moved something, or moves; null = none did. */
	readonly newest: number | null;
	readonly stableReleaseId: string | null;
}

/** Where each of these rollouts is, by its id. */
export async function readPlaces(tx: Tx, rolloutIds: readonly string[]): Promise<Map<string, Place>> {
	const rows = await tx.$queryRaw<(Place & { id: string })[]>`
		select r.id, se."stableReleaseId", (
			select o.number from rollout o where o.service = r.service and o.environment = r.environment
				and o.state not in ('awaiting-approval', 'rejected', 'superseded')
			order by o.number desc limit 1
		) as newest
		from rollout r left join service_environment se on se.service = r.service and se.environment = r.environment
		where r.id = any(${rolloutIds})`;
	return new Map(rows.map(({ id, ...place }) => [id, place]));
}
