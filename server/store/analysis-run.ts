import type { Measurement, MetricResult, Verdict } from "@/domain/analysis/judge";
import type { Prisma } from "@/prisma/generated/client";
import { notify, type Tx } from "@/server/store/client";

export interface AnalysisRunRow {
	readonly number: number;
	readonly step: number;
	readonly at: Date;
	readonly from: Date;
	readonly verdict: Verdict;
	readonly sentence: string;
	readonly results: readonly MetricResult[];
}

/** Newest first. */
export async function readAnalysisRuns(tx: Tx, rolloutId: string, limit = 200): Promise<AnalysisRunRow[]> {
	const rows = await tx.analysisRun.findMany({ where: { rolloutId }, orderBy: { number: "desc" }, take: limit });
	return rows.map(({ rolloutId: _, verdict, results, ...row }) => ({
		...row,
		verdict: verdict as Verdict,
		results: results as unknown as MetricResult[],
	}));
}

/** Index of a step -> successful measurements in it, of all there ever were. */
export async function countSuccessful(tx: Tx, rolloutId: string): Promise<Record<number, number>> {
	const where = { rolloutId, verdict: "successful" };
	const rows = await tx.analysisRun.groupBy({ by: ["step"], where, _count: { _all: true } });
	return Object.fromEntries(rows.map(({ step, _count }) => [step, _count._all]));
}

/** The caller holds the rollout's row lock, so numbers are dense. */
export async function insertAnalysisRun(
	tx: Tx,
	rolloutId: string,
	run: { readonly step: number; readonly from: Date; readonly at: Date; readonly measurement: Measurement },
): Promise<number> {
	const last = await tx.analysisRun.aggregate({ where: { rolloutId }, _max: { number: true } });
	const number = (last._max.number ?? 0) + 1;
	const { step, from, at, measurement } = run;
	const { verdict, sentence, results } = measurement;
	await tx.analysisRun.create({
		data: { rolloutId, number, step, from, at, verdict, sentence, results: results as unknown as Prisma.InputJsonValue },
	});
	await notify(tx, "rollout", rolloutId);
	return number;
}
