import { judge, type Measurement } from "@/domain/analysis/judge";
import { AppError, messageOf } from "@/domain/errors";
import type { AnalysisSpec } from "@/domain/manifest/model";
import type { AdvanceAction } from "@/domain/rollout/action";
import { hashOf } from "@/server/services/rollout-start";
import { insertAnalysisRun, readAnalysisRuns } from "@/server/store/analysis-run";
import type { Database } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { readDecisions } from "@/server/store/decision";
import { hostsWithoutMeasurements, measureRelease } from "@/server/store/measurement";
import { moveStep, movingRollout, type RolloutRecord, setRequested, setRolloutState } from "@/server/store/rollout";
import { appendEvents } from "@/server/store/rollout-event";
import { lockServiceEnvironment } from "@/server/store/traffic";

/** Approved: what runs is exactly what was approved, or nothing. Throws `conflict` when the stored plan is not the hashed one. */
export async function startMoving(database: Database, rollout: RolloutRecord): Promise<void> {
	const { service, environment, from } = rollout.plan;
	await database.$transaction(async (tx) => {
		const { stableReleaseId } = await lockServiceEnvironment(tx, service, environment);
		const other = await movingRollout(tx, service, environment);
		if (other && other.id !== rollout.id) {
			throw new AppError("conflict", `Approved, and waits for rollout ${other.number} by ${other.startedBy} to end.`);
		}
		if (stableReleaseId !== (from?.id ?? null)) {
			// Something else came meanwhile, as a rollback: the approved way there does not exist any more.
			const reason = "another release serves here than when this was asked for: start it again";
			return setRequested(tx, rollout.id, { requested: "abort", reason, by: "sluice" });
		}
		const executed = hashOf(rollout.plan);
		if (executed !== rollout.intentHash) {
			throw new AppError("conflict", `The plan of rollout ${rollout.number} is not the one that was approved: nothing is moved.`);
		}
		const approvals = (await readDecisions(tx, rollout.id)).filter(
			({ verdict, intentHash }) => verdict === "approved" && intentHash === executed,
		);
		if (approvals.length < (rollout.plan.approval?.count ?? 0)) {
			throw new AppError(
				"conflict",
				`Rollout ${rollout.number} has ${approvals.length} approvals of this intent: nothing is moved.`,
			);
		}
		await setRolloutState(tx, rollout.id, "running", null);
		const people = approvals.map(({ userName }) => userName).join(", ");
		const message = `Approved${people === "" ? "" : ` by ${people}`}: what runs is intent ${executed.slice(0, 8)}`;
		await appendEvents(tx, rollout.id, [{ kind: "decision", key: "approved", message, data: { intentHash: executed } }]);
	});
}

export async function advanceStep(database: Database, rollout: RolloutRecord, action: AdvanceAction): Promise<void> {
	const { steps } = rollout.plan;
	await database.$transaction(async (tx) => {
		const isWeight = steps[action.step]?.kind === "weight";
		if (!(await moveStep(tx, rollout.id, action.step, action.step + 1, isWeight))) return;
		const message = `Step ${action.step + 1} of ${steps.length}: ${action.because}`;
		await appendEvents(tx, rollout.id, [
			{ kind: "step", key: `advance/${action.step}`, message, data: { step: "advance", index: action.step } },
		]);
	});
}

/** Measures and judges once; a repeated call within half an interval finds the first one's evidence. */
export async function analyseCandidate(database: Database, rollout: RolloutRecord, step: number): Promise<void> {
	const { analysis, from, to } = rollout.plan;
	if (!analysis || !from) return;
	const now = await databaseNow(database);
	const since = Math.max(rollout.weightAt?.getTime() ?? 0, now - analysis.windowMs);
	const span = { from: new Date(since), to: new Date(now) };
	// Before the transaction: what cannot be read would end it, and the verdict with it.
	const measurement = await measure(database, rollout, analysis, { candidate: to.number, stable: from.number }, span);
	await database.$transaction(async (tx) => {
		await tx.$executeRaw`select 1 from rollout where id = ${rollout.id} for update`;
		const [last] = await readAnalysisRuns(tx, rollout.id, 1);
		if (last && now - last.at.getTime() < analysis.intervalMs / 2) return;
		const number = await insertAnalysisRun(tx, rollout.id, { step, from: span.from, at: span.to, measurement });
		if (last?.verdict === measurement.verdict && last.step === step) return;
		const message = `Measurement ${number}: ${measurement.verdict}: ${measurement.sentence}`;
		const kind = measurement.verdict === "successful" ? "step" : "problem";
		await appendEvents(tx, rollout.id, [{ kind, key: `analysis/${number}`, message, data: { step: "analysis", number } }]);
	});
}

/** A source that is away is a verdict of its own, and never a success. */
async function measure(
	database: Database,
	{ service, environment }: RolloutRecord,
	spec: AnalysisSpec,
	releases: { readonly candidate: number; readonly stable: number },
	span: { readonly from: Date; readonly to: Date },
): Promise<Measurement> {
	try {
		const missing = await hostsWithoutMeasurements(database);
		const seen = (release: number) => measureRelease(database, { service, environment, release, ...span });
		const judged = judge(spec, await seen(releases.candidate), await seen(releases.stable));
		// A release that is bad by what some hosts saw is bad.
		if (missing.length === 0 || judged.verdict === "failed") return judged;
		const sentence = `${missing.join(" and ")} ${missing.length === 1 ? "answers, but has" : "answer, but have"} not told for 20 s what the proxies there see`;
		return { verdict: "error", sentence, results: judged.results };
	} catch (error) {
		return { verdict: "error", sentence: `the measurements cannot be read: ${messageOf(error)}`, results: [] };
	}
}
