import type { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";
import type { ReleaseRow } from "@/server/views";

/** What a list shows: a manifest is long. */
const shown = {
	...{ id: true, number: true, repository: true, digest: true, commit: true, commitMessage: true },
	...{ createdAt: true, createdBy: true, pipelineId: true, config: true },
} as const;
type ShownRelease = Pick<Prisma.ReleaseModel, keyof typeof shown>;

/** Newest first; `before` = a release's number: only older ones. */
export async function readReleases(
	tx: Tx,
	service: string,
	{ before, limit = 50 }: { before?: number | undefined; limit?: number | undefined } = {},
): Promise<ReleaseRow[]> {
	const where = { service, ...(before === undefined ? {} : { number: { lt: before } }) };
	return releaseRows(tx, await tx.release.findMany({ where, orderBy: { number: "desc" }, take: limit, select: shown }));
}

/** By id; ids that are null or unknown are left out. */
export async function releasesById(tx: Tx, ids: readonly (string | null)[]): Promise<Map<string, ReleaseRow>> {
	const wanted = ids.filter((id) => id !== null);
	const rows = await releaseRows(tx, await tx.release.findMany({ where: { id: { in: wanted } }, select: shown }));
	return new Map(rows.map((row) => [row.id, row]));
}

async function releaseRows(tx: Tx, rows: readonly ShownRelease[]): Promise<ReleaseRow[]> {
	const ids = rows.map((row) => row.pipelineId).filter((id) => id !== null);
	const pipelines = await tx.pipeline.findMany({
		where: { id: { in: ids } },
		select: { id: true, repository: true, number: true },
	});
	const byId = new Map(pipelines.map(({ id, repository, number }) => [id, { repository, number }]));
	return rows.map(({ id, number, repository, digest, commit, commitMessage, createdAt, createdBy, pipelineId, config }) => ({
		id,
		number,
		repository,
		digest,
		commit,
		commitMessage,
		createdAt,
		createdBy,
		config: config as Record<string, number>,
		pipeline: (pipelineId && byId.get(pipelineId)) || null,
	}));
}
