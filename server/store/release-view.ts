import type { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";
import type { ReleaseRow } from "@/server/views";

export async function readReleases(tx: Tx, service: string, limit = 100): Promise<ReleaseRow[]> {
	return releaseRows(tx, await tx.release.findMany({ where: { service }, orderBy: { number: "desc" }, take: limit }));
}

/** By id; ids that are null or unknown are left out. */
export async function releasesById(tx: Tx, ids: readonly (string | null)[]): Promise<Map<string, ReleaseRow>> {
	const wanted = ids.filter((id) => id !== null);
	const rows = await releaseRows(tx, await tx.release.findMany({ where: { id: { in: wanted } } }));
	return new Map(rows.map((row) => [row.id, row]));
}

async function releaseRows(tx: Tx, rows: readonly Prisma.ReleaseModel[]): Promise<ReleaseRow[]> {
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
