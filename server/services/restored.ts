import { systemActor } from "@/domain/roles";
import { recordAudit } from "@/server/store/audit";
import type { Database, Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { endPipeline } from "@/server/store/pipeline";
import { deliverAgain, openRollouts, openScaffolds, runningPipelines } from "@/server/store/restored";
import { forgetWords, liftRevisions } from "@/server/store/revision";
import { appendEvents } from "@/server/store/rollout-event";
import { endSteps, setScaffoldState } from "@/server/store/scaffold";

/**
 * Makes a database that was restored fit to be obeyed, all or nothing, before anything of it is published: hosts obey
 * what it says from now on, what was moving goes on or ends with a sentence, and the audit trail says that it happened.
 * Returns the sentence.
 */
export async function takeUpAfterRestore(database: Database, madeAt: Date): Promise<string> {
	return database.$transaction(
		async (tx) => {
			const now = new Date(await databaseNow(tx));
			const from = `a backup of ${madeAt.toISOString()}`;
			await liftRevisions(tx);
			await forgetWords(tx);
			const rollouts = await openRollouts(tx);
			for (const { id } of rollouts)
				await appendEvents(tx, id, [
					{
						kind: "problem",
						key: `restored/${now.toISOString()}`,
						message: `Sluice was restored from ${from}: this rollout goes on from what hosts and proxies report.`,
					},
				]);
			const pipelines = await endWhatCannotGoOn(tx, from, now);
			await deliverAgain(tx);
			const summary = `Restored from ${from}: ${rollouts.length} rollouts go on, ${pipelines} pipelines and creations ended`;
			const data = { madeAt: madeAt.toISOString(), rollouts: rollouts.map(({ name }) => name) };
			const subject = { subjectKind: "platform", subject: "sluice" };
			await recordAudit(tx, systemActor, { action: "platform.restore", ...subject, summary, data });
			return summary;
		},
		{ timeout: 120_000 },
	);
}

/** Their workspace and their history are gone; what they had made is in the backup or was lost. */
async function endWhatCannotGoOn(tx: Tx, from: string, now: Date): Promise<number> {
	const pipelines = await runningPipelines(tx);
	for (const { id } of pipelines) {
		const reason = `Sluice was restored from ${from} while this ran: push again, or start it again.`;
		await endPipeline(tx, id, { state: "failed", reason }, now);
	}
	const scaffolds = await openScaffolds(tx);
	for (const { id } of scaffolds) {
		const reason = `Sluice was restored from ${from} while this ran: create it again under another name, or go on in its repository.`;
		await endSteps(tx, id, "failed", now);
		await setScaffoldState(tx, id, { state: "failed", reason }, now);
	}
	return pipelines.length + scaffolds.length;
}
