import { createHash, randomUUID } from "node:crypto";
import { AppError } from "@/domain/errors";
import type { Manifest, WorkloadSpec } from "@/domain/manifest/model";
import { canonicalJson } from "@/domain/rollout/canonical-json";
import type { PlannedRelease } from "@/domain/rollout/plan";
import type { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";

export interface NewRelease {
	readonly service: string;
	readonly repository: string;
	readonly digest: string;
	readonly manifest: Manifest;
	readonly createdBy: string;
	/** Empty = Sluice itself. */
	readonly createdById?: string;
	readonly commit?: string;
	readonly commitMessage?: string;
	readonly pipelineId?: string;
}

/** The release of this digest and manifest: the existing one, or a new one with the service's next number. The service must exist. */
export async function recordRelease(tx: Tx, release: NewRelease): Promise<PlannedRelease & { isNew: boolean }> {
	const { service, digest, manifest } = release;
	const configHash = createHash("sha256").update(canonicalJson(manifest)).digest("hex");
	// The service's row is the lock of its release numbers.
	await tx.$executeRaw`select 1 from service where name = ${service} for update`;
	const existing = await tx.release.findUnique({ where: { service_digest_configHash: { service, digest, configHash } } });
	if (existing) return { ...toDomain(existing), isNew: false };
	const last = await tx.release.aggregate({ where: { service }, _max: { number: true } });
	const row = await tx.release.create({
		data: {
			...release,
			id: randomUUID(),
			number: (last._max.number ?? 0) + 1,
			manifest: manifest as unknown as Prisma.InputJsonValue,
			configHash,
		},
	});
	return { ...toDomain(row), isNew: true };
}

/** Throws `not-found`. */
export async function getRelease(tx: Tx, id: string): Promise<PlannedRelease> {
	const row = await tx.release.findUnique({ where: { id } });
	if (!row) throw new AppError("not-found", `There is no release with the id ${id}.`);
	return toDomain(row);
}

/** Throws `not-found`. */
export async function getReleaseByNumber(tx: Tx, service: string, number: number): Promise<PlannedRelease> {
	const row = await tx.release.findUnique({ where: { service_number: { service, number } } });
	if (!row) {
		const lists = `\`sluice service show ${service} --output json\` and the service's page list them`;
		throw new AppError("not-found", `${service} has no release ${number}: ${lists}.`);
	}
	return toDomain(row);
}

/** Number of the newest release of a service; 0 = none. */
export async function newestReleaseNumber(tx: Tx, service: string): Promise<number> {
	const last = await tx.release.aggregate({ where: { service }, _max: { number: true } });
	return last._max.number ?? 0;
}

/** Whose change a release is: empty = nobody known. */
export async function releaseAuthorId(tx: Tx, id: string): Promise<string> {
	return (await tx.release.findUnique({ where: { id }, select: { createdById: true } }))?.createdById ?? "";
}

function toDomain(row: { id: string; number: number; repository: string; digest: string; manifest: unknown }): PlannedRelease {
	const { id, number, repository, digest } = row;
	return { id, number, repository, digest, manifest: complete(row.manifest as Manifest) };
}

/** A release recorded by an older version says nothing of what came later. */
function complete(manifest: Manifest): Manifest {
	const environments = Object.entries(manifest.environments).map(([name, workload]): [string, WorkloadSpec] => [
		name,
		{ ...workload, analysis: workload.analysis ?? null, approval: workload.approval ?? null, after: workload.after ?? null },
	]);
	return { ...manifest, environments: Object.fromEntries(environments) };
}
