import { type PipelineState, pipelineEnvironment } from "@/domain/pipeline/model";
import type { RolloutState } from "@/domain/rollout/model";
import type { DeliveryFacts } from "@/domain/scaffold/delivery";
import { type ScaffoldState, type ScaffoldStepName, type ScaffoldStepState, scaffoldSteps } from "@/domain/scaffold/model";
import type { TemplateFile, TemplateValues } from "@/domain/template/model";
import type { Prisma } from "@/prisma/generated/client";
import { notify, type Tx } from "@/server/store/client";

export interface NewScaffold {
	readonly id: string;
	readonly name: string;
	readonly number: number;
	readonly requestId: string;
	readonly template: string;
	readonly values: TemplateValues;
	readonly files: readonly TemplateFile[];
	readonly requestedBy: string;
	readonly requestedById: string;
	readonly requestedByKind: string;
	readonly email: string;
	readonly createdAt: Date;
}

export interface StoredScaffold extends NewScaffold {
	readonly state: ScaffoldState;
	readonly reason: string | null;
	readonly cancelRequestedBy: string | null;
	readonly hasRepository: boolean;
}

/** Of two starts of one name at once the second waits here and then sees the first. */
export async function lockScaffoldName(tx: Tx, name: string): Promise<void> {
	await tx.$executeRaw`select pg_advisory_xact_lock(hashtext(${`sluice scaffold ${name}`}))`;
}

export async function insertScaffold(tx: Tx, scaffold: NewScaffold): Promise<void> {
	const { values, files, ...row } = scaffold;
	await tx.scaffold.create({
		data: { ...row, values: values as Prisma.InputJsonValue, files: files as unknown as Prisma.InputJsonValue },
	});
	await tx.scaffoldStep.createMany({
		data: scaffoldSteps.map((name, position) => ({ scaffoldId: scaffold.id, position, name })),
	});
	await notify(tx, "scaffold", scaffold.id);
}

/** The newest run of this name; null = there was none. */
export async function newestScaffold(tx: Tx, name: string): Promise<StoredScaffold | null> {
	return toDomain(await tx.scaffold.findFirst({ where: { name }, orderBy: { number: "desc" } }));
}

export async function findScaffold(tx: Tx, id: string): Promise<StoredScaffold | null> {
	return toDomain(await tx.scaffold.findUnique({ where: { id } }));
}

/** Held until the transaction ends: its end, a cancel and the repository's making see each other. */
export async function lockScaffold(tx: Tx, id: string): Promise<StoredScaffold | null> {
	await tx.$executeRaw`select 1 from scaffold where id = ${id} for update`;
	return findScaffold(tx, id);
}

/** What has this name already, as a word; null = nothing. */
export async function holderOfName(tx: Tx, name: string): Promise<"repository" | "service" | null> {
	if (await tx.repository.findUnique({ where: { name }, select: { name: true } })) return "repository";
	return (await tx.service.findUnique({ where: { name }, select: { name: true } })) ? "service" : null;
}

export async function rolloutsOf(tx: Tx, service: string): Promise<number> {
	return tx.rollout.count({ where: { service } });
}

export async function setScaffoldStep(
	tx: Tx,
	id: string,
	name: ScaffoldStepName,
	step: { readonly state: ScaffoldStepState; readonly message: string | null },
	now: Date,
): Promise<void> {
	const where = { scaffoldId: id, name };
	if (step.state !== "pending")
		await tx.scaffoldStep.updateMany({ where: { ...where, startedAt: null }, data: { startedAt: now } });
	const endedAt = step.state === "running" || step.state === "pending" ? null : now;
	await tx.scaffoldStep.updateMany({ where, data: { ...step, endedAt } });
	await notify(tx, "scaffold", id);
}

export async function setScaffoldState(
	tx: Tx,
	id: string,
	change: { readonly state: ScaffoldState; readonly reason: string | null },
	endedAt: Date | null,
): Promise<void> {
	await tx.scaffold.update({ where: { id }, data: { ...change, endedAt } });
	await notify(tx, "scaffold", id);
}

export async function setCancelRequested(tx: Tx, id: string, by: string | null): Promise<void> {
	await tx.scaffold.update({ where: { id }, data: { cancelRequestedBy: by } });
	await notify(tx, "scaffold", id);
}

export async function markRepositoryMade(tx: Tx, id: string): Promise<void> {
	await tx.scaffold.update({ where: { id }, data: { hasRepository: true } });
}

/** Steps that had not ended end with the run. */
export async function endSteps(tx: Tx, id: string, state: "failed" | "cancelled", now: Date): Promise<void> {
	await tx.scaffoldStep.updateMany({ where: { scaffoldId: id, state: "running" }, data: { state, endedAt: now } });
	const rest = { scaffoldId: id, state: state === "cancelled" ? { in: ["pending", "done", "failed"] } : "pending" };
	if (state === "cancelled") await tx.scaffoldStep.updateMany({ where: rest, data: { state } });
}

/** Read in the order in which it is written: a pipeline, then its rollout. */
export async function deliveryFacts(tx: Tx, repository: string): Promise<DeliveryFacts> {
	const row = await tx.repository.findUnique({ where: { name: repository }, select: { defaultBranch: true } });
	const pipeline = await tx.pipeline.findFirst({
		where: { repository, branch: row?.defaultBranch ?? "" },
		orderBy: { number: "desc" },
		select: { id: true, number: true, state: true, reason: true },
	});
	if (!pipeline) return { pipeline: null, rollout: null };
	const rollout = await tx.rollout.findFirst({
		where: { pipelineId: pipeline.id, environment: pipelineEnvironment },
		orderBy: { number: "desc" },
		select: { number: true, state: true, reason: true },
	});
	return {
		pipeline: { ...pipeline, state: pipeline.state as PipelineState },
		rollout: rollout && { ...rollout, state: rollout.state as RolloutState },
	};
}

export async function unfinishedPipelines(tx: Tx, repository: string): Promise<{ id: string; number: number }[]> {
	return tx.pipeline.findMany({
		where: { repository, state: { in: ["queued", "running"] } },
		select: { id: true, number: true },
	});
}

/**
 * Takes away everything that a run has made in the database: heads, pipelines with their logs, releases, configuration, the service,
 * the repository. False = the service was deployed or a pipeline still runs: nothing was taken. The images that were
 * pushed stay in the registry, where nothing names them.
 */
export async function removeMade(tx: Tx, scaffold: { readonly id: string; readonly name: string }): Promise<boolean> {
	const { id, name } = scaffold;
	await tx.$executeRaw`select 1 from repository where name = ${name} for update`;
	await tx.$executeRaw`select 1 from service_environment where service = ${name} for update`;
	if ((await rolloutsOf(tx, name)) > 0 || (await unfinishedPipelines(tx, name)).length > 0) return false;
	const ofPipelines = { pipeline: { repository: name } };
	await tx.pipelineLog.deleteMany({ where: ofPipelines });
	await tx.pipelineStep.deleteMany({ where: ofPipelines });
	await tx.pipeline.deleteMany({ where: { repository: name } });
	await tx.repositoryHead.deleteMany({ where: { repository: name } });
	const made = await tx.service.findFirst({ where: { name, repository: name }, select: { name: true } });
	if (made) {
		await tx.configVersion.deleteMany({ where: { service: name } });
		await tx.secretValue.deleteMany({ where: { service: name } });
		await tx.release.deleteMany({ where: { service: name } });
		await tx.serviceEnvironment.deleteMany({ where: { service: name } });
		await tx.service.delete({ where: { name } });
	}
	const repository = await tx.repository.findUnique({ where: { name }, select: { pipelineCount: true } });
	await tx.scaffold.update({ where: { id }, data: { pipelineCount: repository?.pipelineCount ?? 0, hasRepository: false } });
	await tx.repository.deleteMany({ where: { name } });
	return true;
}

function toDomain(row: Prisma.ScaffoldModel | null): StoredScaffold | null {
	if (!row) return null;
	return {
		...row,
		state: row.state as ScaffoldState,
		values: row.values as TemplateValues,
		files: row.files as unknown as TemplateFile[],
	};
}
