import { AppError } from "@/domain/errors";
import type { BuildRecord } from "@/domain/provenance/model";
import { provenanceOf, type ReleaseProvenance, spdxOf } from "@/domain/provenance/statement";
import type { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";

/** A build that is tried again is recorded anew: the last one is what is pushed. */
export async function saveBuildRecord(tx: Tx, pipelineId: string, build: BuildRecord): Promise<void> {
	const record = build as unknown as Prisma.InputJsonObject;
	await tx.buildRecord.upsert({ where: { pipelineId }, create: { pipelineId, record }, update: { record } });
}

/** null = its image was not built here, or before builds were recorded. Throws `not-found`. */
export async function readProvenance(tx: Tx, service: string, number: number): Promise<ReleaseProvenance | null> {
	const row = await tx.release.findUnique({ where: { service_number: { service, number } } });
	if (!row) throw new AppError("not-found", `${service} has no release ${number}: the service's page lists them.`);
	if (row.pipelineId === null) return null;
	const kept = await tx.buildRecord.findUnique({ where: { pipelineId: row.pipelineId } });
	const pipeline = await tx.pipeline.findUnique({ where: { id: row.pipelineId } });
	if (!kept || !pipeline) return null;
	const build = kept.record as unknown as BuildRecord;
	const { repository, digest } = row;
	const { commit, branch, pushedBy } = pipeline;
	const made = { repository: pipeline.repository, number: pipeline.number };
	const release = { service, number, repository, digest, commit, branch, pushedBy, pipeline: made };
	return { provenance: provenanceOf(release, build), sbom: spdxOf(release, build) };
}
