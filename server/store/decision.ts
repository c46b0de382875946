import { notify, type Tx } from "@/server/store/client";

export interface DecisionRow {
	readonly userId: string;
	readonly userName: string;
	readonly verdict: "approved" | "rejected";
	readonly reason: string;
	readonly intentHash: string;
	readonly at: Date;
}

/** Oldest first, also those on intents that were edited since. */
export async function readDecisions(tx: Tx, rolloutId: string): Promise<DecisionRow[]> {
	return (await readDecisionsOf(tx, [rolloutId])).get(rolloutId) ?? [];
}

/** Of several rollouts, by their ids. */
export async function readDecisionsOf(tx: Tx, rolloutIds: readonly string[]): Promise<Map<string, DecisionRow[]>> {
	const rows = await tx.decision.findMany({ where: { rolloutId: { in: [...rolloutIds] } }, orderBy: { at: "asc" } });
	const told = rows.map(({ rolloutId, verdict, ...row }) => ({
		rolloutId,
		row: { ...row, verdict: verdict as DecisionRow["verdict"] },
	}));
	return new Map([...Map.groupBy(told, ({ rolloutId }) => rolloutId)].map(([id, own]) => [id, own.map(({ row }) => row)]));
}

export async function insertDecision(tx: Tx, rolloutId: string, decision: Omit<DecisionRow, "at">): Promise<void> {
	await tx.decision.create({ data: { rolloutId, ...decision } });
	await notify(tx, "rollout", rolloutId);
}
