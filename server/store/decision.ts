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
	const rows = await tx.decision.findMany({ where: { rolloutId }, orderBy: { at: "asc" } });
	return rows.map(({ rolloutId: _, verdict, ...row }) => ({ ...row, verdict: verdict as DecisionRow["verdict"] }));
}

export async function insertDecision(tx: Tx, rolloutId: string, decision: Omit<DecisionRow, "at">): Promise<void> {
	await tx.decision.create({ data: { rolloutId, ...decision } });
	await notify(tx, "rollout", rolloutId);
}
