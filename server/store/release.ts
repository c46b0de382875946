import { createHash, randomUUID } from "node:crypto";
import type { PinnedConfig } from "@/domain/config/model";
import { withoutReferencePlaces } from "@/domain/config/reference";
import { AppError } from "@/domain/errors";
import type { Manifest, WorkloadSpec } from "@/domain/manifest/model";
import { canonicalJson } from "@/domain/rollout/canonical-json";
import type { PlannedRelease } from "@/domain/rollout/plan";
import { releaseEvent } from "@/domain/webhook/catalog-event";
import { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";
import { newestPins } from "@/server/store/config";
import { tellWebhooks } from "@/server/store/webhook-event";

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

export type RecordedRelease = PlannedRelease & { readonly isNew: boolean };

/**
 * The release of this digest, manifest and newest configuration: the existing one, or a new one with the service's next
 * number. The service must exist.
 */
export async function recordRelease(tx: Tx, release: NewRelease): Promise<RecordedRelease> {
	return insertUnlessThere(tx, release, await newestPins(tx, release.manifest), null);
}

/** The release of the same image and manifest that runs with another version of one environment's configuration. */
export async function recordReconfigured(
	tx: Tx,
	base: PlannedRelease,
	environment: string,
	version: number,
	by: { readonly name: string; readonly id: string },
): Promise<RecordedRelease> {
	const row = await tx.release.findUnique({ where: { id: base.id } });
	const { commit, commitMessage, pipelineId, baseReleaseId } = row ?? {};
	const { manifest, repository, digest } = base;
	const made = {
		...{ service: manifest.service, repository, digest, manifest, createdBy: by.name, createdById: by.id },
		...(commit ? { commit } : {}),
		...(commitMessage ? { commitMessage } : {}),
		...(pipelineId ? { pipelineId } : {}),
	};
	return insertUnlessThere(tx, made, { ...base.config, [environment]: version }, baseReleaseId ?? base.id);
}

async function insertUnlessThere(
	tx: Tx,
	release: NewRelease,
	config: PinnedConfig,
	baseReleaseId: string | null,
): Promise<RecordedRelease> {
	const { service, digest, manifest } = release;
	const identity = withoutReferencePlaces(manifest);
	const hashed = Object.keys(config).length === 0 ? identity : { manifest: identity, config };
	const configHash = createHash("sha256").update(canonicalJson(hashed)).digest("hex");
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
			config: config as Prisma.InputJsonObject,
			baseReleaseId,
		},
	});
	await tellWebhooks(tx, releaseEvent({ ...row, isReconfigured: baseReleaseId !== null }));
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

/** The newest release whose manifest has the environment; null = none. */
export async function newestReleaseFor(tx: Tx, service: string, environment: string): Promise<PlannedRelease | null> {
	const row = await tx.release.findFirst({
		where: { service, manifest: { path: ["environments", environment], not: Prisma.DbNull } },
		orderBy: { number: "desc" },
	});
	return row && toDomain(row);
}

/** Number of the newest release of a service that has an image of its own: a new configuration supersedes no build. 0 = none. */
export async function newestReleaseNumber(tx: Tx, service: string): Promise<number> {
	const last = await tx.release.aggregate({ where: { service, baseReleaseId: null }, _max: { number: true } });
	return last._max.number ?? 0;
}

/** Whose change a release is: who made its image, and who configured it anew. Nobody known = none. */
export async function releaseAuthorIds(tx: Tx, id: string): Promise<string[]> {
	const release = await tx.release.findUnique({ where: { id }, select: { createdById: true, baseReleaseId: true } });
	const base = release?.baseReleaseId ? await releaseAuthorIds(tx, release.baseReleaseId) : [];
	return [...base, ...(release?.createdById ? [release.createdById] : [])];
}

function toDomain(row: Prisma.ReleaseModel): PlannedRelease {
	const { id, number, repository, digest } = row;
	const manifest = complete(row.manifest as unknown as Manifest);
	return { id, number, repository, digest, manifest, config: row.config as PinnedConfig };
}

/** A release recorded by an older version says nothing of what came later. */
function complete(manifest: Manifest): Manifest {
	const environments = Object.entries(manifest.environments).map(([name, workload]): [string, WorkloadSpec] => [
		name,
		{ ...workload, analysis: workload.analysis ?? null, approval: workload.approval ?? null, after: workload.after ?? null },
	]);
	return { ...manifest, environments: Object.fromEntries(environments) };
}
