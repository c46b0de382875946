import { type Cursor, readCursor } from "@/domain/cursor";
import { AppError } from "@/domain/errors";
import { whyNotCancel } from "@/domain/pipeline/gate";
import type { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";
import type { PipelineLogLine, PipelinePage, PipelineRow, PipelineState } from "@/server/views";

export interface PipelineName {
	readonly repository: string;
	readonly number: number;
}

/** Rows of the log handed out at once; the reader asks again from `next`. */
const logPage = 1_000;

export async function readPipelines(
	tx: Tx,
	filter: { repository?: string | undefined; before?: string | undefined; limit?: number | undefined } = {},
): Promise<PipelineRow[]> {
	const rows = await tx.pipeline.findMany({
		where: {
			...(filter.repository ? { repository: filter.repository } : {}),
			...(filter.before ? olderThan(readCursor(filter.before, 1)) : {}),
		},
		orderBy: [{ createdAt: "desc" }, { repository: "desc" }, { number: "desc" }],
		take: filter.limit ?? 50,
	});
	return pipelineRows(tx, rows);
}

/** The first condition says the same once more, in the one form from which an index can begin. */
function olderThan({ at, words: [repository = ""], number }: Cursor): Prisma.PipelineWhereInput {
	return {
		AND: { createdAt: { lte: at } },
		OR: [
			{ createdAt: { lt: at } },
			{ createdAt: at, repository: { lt: repository } },
			{ createdAt: at, repository, number: { lt: number } },
		],
	};
}

/** Throws `not-found`. */
export async function readPipelineRow(tx: Tx, name: PipelineName): Promise<PipelineRow> {
	const [row] = await pipelineRows(tx, [await findPipeline(tx, name)]);
	if (!row) throw new AppError("internal", "a pipeline without its row");
	return row;
}

/** Throws `not-found`. */
export async function readPipeline(tx: Tx, name: PipelineName): Promise<PipelinePage> {
	const record = await findPipeline(tx, name);
	const [row] = await pipelineRows(tx, [record]);
	if (!row) throw new AppError("internal", "a pipeline without its row");
	const steps = await tx.pipelineStep.findMany({ where: { pipelineId: record.id }, orderBy: { position: "asc" } });
	return {
		...row,
		steps: steps.map(({ name: step, state, message, startedAt, endedAt }) => ({
			name: step,
			state: state as PipelinePage["steps"][number]["state"],
			message,
			startedAt,
			endedAt,
		})),
		verbs: { cancel: whyNotCancel({ state: row.state, cancelRequestedBy: record.cancelRequestedBy }) },
	};
}

/** What follows `after`, and from where to ask next. Throws `not-found`. */
export async function readPipelineLog(
	tx: Tx,
	name: PipelineName,
	after: number,
): Promise<{ lines: PipelineLogLine[]; next: number }> {
	const { id } = await findPipeline(tx, name);
	const lines = await tx.pipelineLog.findMany({
		where: { pipelineId: id, sequence: { gt: after } },
		orderBy: { sequence: "asc" },
		take: logPage,
		select: { sequence: true, step: true, at: true, text: true },
	});
	return { lines, next: lines.at(-1)?.sequence ?? after };
}

/** Throws `not-found`. */
export async function pipelineId(tx: Tx, name: PipelineName): Promise<string> {
	return (await findPipeline(tx, name)).id;
}

async function findPipeline(tx: Tx, { repository, number }: PipelineName): Promise<Prisma.PipelineModel> {
	const row = await tx.pipeline.findUnique({ where: { repository_number: { repository, number } } });
	if (!row) throw new AppError("not-found", `There is no pipeline ${number} of ${repository}.`);
	return row;
}

export async function pipelineRows(tx: Tx, rows: readonly Prisma.PipelineModel[]): Promise<PipelineRow[]> {
	const known = <T>(ids: readonly (T | null)[]) => ids.filter((id) => id !== null);
	const releases = await tx.release.findMany({
		where: { id: { in: known(rows.map((row) => row.releaseId)) } },
		select: { id: true, number: true },
	});
	const rollouts = await tx.rollout.findMany({
		where: { id: { in: known(rows.map((row) => row.rolloutId)) } },
		select: { id: true, service: true, environment: true, number: true },
	});
	const releaseOf = new Map(releases.map(({ id, number }) => [id, number]));
	const rolloutOf = new Map(rollouts.map((rollout) => [rollout.id, rollout]));
	return rows.map((row) => {
		const { repository, number, branch, commit, commitMessage, author, pushedBy, reason, createdAt, endedAt } = row;
		const rollout = rolloutOf.get(row.rolloutId ?? "");
		return {
			repository,
			number,
			branch,
			commit,
			commitMessage,
			author,
			pushedBy,
			state: row.state as PipelineState,
			reason,
			tests: row.tests as PipelineRow["tests"],
			release: releaseOf.get(row.releaseId ?? "") ?? null,
			rollout: rollout ? { service: rollout.service, environment: rollout.environment, number: rollout.number } : null,
			createdAt,
			endedAt,
		};
	});
}
