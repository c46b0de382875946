import type { Manifest } from "@/domain/manifest/model";
import {
	type PipelineSource,
	type PipelineState,
	type PipelineStepName,
	type PipelineStepState,
	pipelineSteps,
} from "@/domain/pipeline/model";
import { pipelineEndEvent } from "@/domain/webhook/catalog-event";
import { notify, type Tx } from "@/server/store/client";
import { tellWebhooks } from "@/server/store/webhook-event";

export interface NewPipeline {
	readonly id: string;
	readonly repository: string;
	readonly branch: string;
	readonly commit: string;
	readonly commitMessage: string;
	readonly author: string;
	readonly pushedBy: string;
	/** Empty = nobody known. */
	readonly pushedById: string;
}

/** Gives the pipeline the repository's next number; the caller holds the repository's lock. */
export async function insertPipeline(tx: Tx, pipeline: NewPipeline): Promise<number> {
	const { pipelineCount: number } = await tx.repository.update({
		where: { name: pipeline.repository },
		data: { pipelineCount: { increment: 1 } },
		select: { pipelineCount: true },
	});
	await tx.pipeline.create({ data: { ...pipeline, number } });
	await tx.pipelineStep.createMany({
		data: pipelineSteps.map((name, position) => ({ pipelineId: pipeline.id, position, name })),
	});
	await notify(tx, "pipeline", pipeline.id);
	return number;
}

export async function findPipelineSource(tx: Tx, id: string): Promise<PipelineSource | null> {
	const row = await tx.pipeline.findUnique({ where: { id }, include: { row: { select: { defaultBranch: true } } } });
	if (!row) return null;
	const { repository, number, branch, commit, commitMessage, pushedBy, pushedById } = row;
	const isDefaultBranch = branch === row.row.defaultBranch;
	return { id, repository, number, branch, commit, commitMessage, pushedBy, pushedById, isDefaultBranch };
}

export interface PipelineStanding {
	readonly id: string;
	readonly state: PipelineState;
	readonly cancelRequestedBy: string | null;
}

export async function findPipelineStanding(tx: Tx, repository: string, number: number): Promise<PipelineStanding | null> {
	const row = await tx.pipeline.findUnique({ where: { repository_number: { repository, number } } });
	return row && { id: row.id, state: row.state as PipelineState, cancelRequestedBy: row.cancelRequestedBy };
}

/** Null = nobody asked to cancel it. */
export async function cancelRequestedBy(tx: Tx, id: string): Promise<string | null> {
	const row = await tx.pipeline.findUnique({ where: { id }, select: { cancelRequestedBy: true } });
	return row?.cancelRequestedBy ?? null;
}

/** False = it has ended, or somebody asked before. */
export async function requestCancel(tx: Tx, id: string, by: string): Promise<boolean> {
	const { count } = await tx.pipeline.updateMany({
		where: { id, state: { in: ["queued", "running"] }, cancelRequestedBy: null },
		data: { cancelRequestedBy: by },
	});
	await notify(tx, "pipeline", id);
	return count === 1;
}

export async function markRunning(tx: Tx, id: string, now: Date): Promise<void> {
	await tx.pipeline.updateMany({ where: { id, state: "queued" }, data: { state: "running", startedAt: now } });
	await notify(tx, "pipeline", id);
}

export interface PipelineEnd {
	readonly state: "passed" | "failed" | "cancelled";
	readonly reason: string | null;
}

/** The first end counts. Steps that had not ended end with it. Within a transaction, as webhooks are told in it. */
export async function endPipeline(tx: Tx, id: string, end: PipelineEnd, now: Date): Promise<void> {
	const { count } = await tx.pipeline.updateMany({
		where: { id, state: { in: ["queued", "running"] } },
		data: { state: end.state, reason: end.reason, endedAt: now },
	});
	if (count === 0) return;
	const running = end.state === "passed" ? "passed" : end.state;
	await tx.pipelineStep.updateMany({
		where: { pipelineId: id, state: "running" },
		data: { state: running, message: end.reason, endedAt: now },
	});
	const pending = end.state === "cancelled" ? "cancelled" : "skipped";
	await tx.pipelineStep.updateMany({ where: { pipelineId: id, state: "pending" }, data: { state: pending } });
	await notify(tx, "pipeline", id);
	await tellEnd(tx, id, end);
}

async function tellEnd(tx: Tx, id: string, end: PipelineEnd): Promise<void> {
	const row = await tx.pipeline.findUnique({ where: { id } });
	if (!row) return;
	const { repository, number, branch, commit, pushedBy } = row;
	const service = await tx.service.findUnique({ where: { repository }, select: { name: true } });
	await tellWebhooks(tx, pipelineEndEvent({ repository, number, branch, commit, pushedBy, service: service?.name ?? null }, end));
}

export async function setStep(
	tx: Tx,
	id: string,
	name: PipelineStepName,
	step: { state: PipelineStepState; message?: string | null },
	now: Date,
): Promise<void> {
	const times = step.state === "running" ? { startedAt: now, endedAt: null } : { endedAt: now };
	await tx.pipelineStep.updateMany({
		where: { pipelineId: id, name },
		data: { state: step.state, message: step.message ?? null, ...times },
	});
	await notify(tx, "pipeline", id);
}

export async function setTests(tx: Tx, id: string, tests: "passed" | "failed" | "none"): Promise<void> {
	await tx.pipeline.update({ where: { id }, data: { tests } });
}

export async function setRelease(tx: Tx, id: string, releaseId: string): Promise<void> {
	await tx.pipeline.update({ where: { id }, data: { releaseId } });
}

export async function setRollout(tx: Tx, id: string, rolloutId: string): Promise<void> {
	await tx.pipeline.update({ where: { id }, data: { rolloutId } });
}

/** Of a pipeline that began none itself: its release may go on later. */
export async function setFirstRollout(tx: Tx, id: string, rolloutId: string): Promise<void> {
	await tx.pipeline.updateMany({ where: { id, rolloutId: null }, data: { rolloutId } });
}

/** One row of the kept log, with the pipeline's next sequence; tells whoever follows it. */
export async function appendLog(tx: Tx, id: string, step: PipelineStepName, text: string): Promise<void> {
	await tx.$queryRaw`
		with next as (
			update pipeline set "logSequence" = "logSequence" + 1 where id = ${id} returning "logSequence"
		), line as (
			insert into pipeline_log ("pipelineId", sequence, step, text)
			select ${id}, "logSequence", ${step}, ${text} from next returning sequence
		)
		select pg_notify('sluice_pipeline', ${id}) is null from line`;
}

/** Characters kept so far, of all steps. */
export async function logLength(tx: Tx, id: string): Promise<number> {
	const rows = await tx.$queryRaw<{ length: bigint | null }[]>`
		select sum(length(text))::bigint as length from pipeline_log where "pipelineId" = ${id}`;
	return Number(rows[0]?.length ?? 0);
}

/** The release a pipeline recorded, with the environments its manifest declares. */
export async function findPipelineRelease(
	tx: Tx,
	id: string,
): Promise<{ id: string; service: string; environments: string[] } | null> {
	const pipeline = await tx.pipeline.findUnique({ where: { id }, select: { releaseId: true } });
	const release = pipeline?.releaseId ? await tx.release.findUnique({ where: { id: pipeline.releaseId } }) : null;
	if (!release) return null;
	const { environments } = release.manifest as unknown as Manifest;
	return { id: release.id, service: release.service, environments: Object.keys(environments) };
}
