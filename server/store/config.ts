import { randomUUID } from "node:crypto";
import type { SealedSecret } from "@/adapters/secrets/cipher";
import type { ConfigEntries, ConfigIdentity, PinnedConfig, SecretPlace } from "@/domain/config/model";
import { usesConfig } from "@/domain/config/reference";
import { AppError } from "@/domain/errors";
import type { DesiredInstance } from "@/domain/host/model";
import type { Manifest } from "@/domain/manifest/model";
import type { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";

export interface StoredConfig {
	/** 0 = nothing was ever set. */
	readonly version: number;
	readonly entries: ConfigEntries;
}

export interface StoredConfigVersion extends StoredConfig {
	readonly comment: string;
	readonly createdBy: string;
	readonly createdAt: Date;
}

export async function newestConfig(tx: Tx, { service, environment }: ConfigIdentity): Promise<StoredConfig> {
	const row = await tx.configVersion.findFirst({ where: { service, environment }, orderBy: { version: "desc" } });
	return row ? toDomain(row) : { version: 0, entries: {} };
}

/** Version 0 is the empty one. Throws `not-found`. */
export async function getConfig(tx: Tx, { service, environment }: ConfigIdentity, version: number): Promise<StoredConfig> {
	if (version === 0) return { version, entries: {} };
	const row = await tx.configVersion.findUnique({ where: { service_environment_version: { service, environment, version } } });
	if (row) return toDomain(row);
	throw new AppError("not-found", `The configuration of ${service} in ${environment} has no version ${version}.`);
}

/** Newest first. */
export async function listConfigVersions(
	tx: Tx,
	{ service, environment }: ConfigIdentity,
	limit: number,
): Promise<StoredConfigVersion[]> {
	const rows = await tx.configVersion.findMany({ where: { service, environment }, orderBy: { version: "desc" }, take: limit });
	return rows.map((row) => ({ ...toDomain(row), comment: row.comment, createdBy: row.createdBy, createdAt: row.createdAt }));
}

/** The caller has locked the identity. */
export async function insertConfigVersion(
	tx: Tx,
	identity: ConfigIdentity,
	config: StoredConfig & { readonly comment: string; readonly createdBy: string },
): Promise<void> {
	const { service, environment } = identity;
	const { version, comment, createdBy } = config;
	const entries = config.entries as unknown as Prisma.InputJsonValue;
	await tx.configVersion.create({ data: { service, environment, version, entries, comment, createdBy } });
}

/** What a release of this manifest recorded now runs with: the newest version in each environment that uses its configuration. */
export async function newestPins(tx: Tx, manifest: Manifest): Promise<PinnedConfig> {
	const pins: [string, number][] = [];
	for (const [environment, workload] of Object.entries(manifest.environments)) {
		if (!usesConfig(workload)) continue;
		const { version } = await newestConfig(tx, { service: manifest.service, environment });
		if (version > 0) pins.push([environment, version]);
	}
	return Object.fromEntries(pins);
}

/** The caller has locked the identity. */
export async function nextSecretVersion(tx: Tx, { service, environment }: ConfigIdentity, name: string): Promise<number> {
	const last = await tx.secretValue.aggregate({ where: { service, environment, name }, _max: { version: true } });
	return (last._max.version ?? 0) + 1;
}

/** Returns the id. */
export async function insertSecret(tx: Tx, place: SecretPlace, sealed: SealedSecret, createdBy: string): Promise<string> {
	const id = randomUUID();
	await tx.secretValue.create({ data: { id, ...place, ...sealed, createdBy } });
	return id;
}

export interface StoredSecret extends SecretPlace, SealedSecret {
	readonly id: string;
}

export async function readSealedSecrets(tx: Tx, ids: readonly string[]): Promise<StoredSecret[]> {
	const rows = await tx.secretValue.findMany({ where: { id: { in: [...ids] } } });
	return rows.map(({ createdBy: _, createdAt: __, ...row }) => row);
}

/** Who set which secret when; nothing of its value. */
export async function readSecretFacts(tx: Tx, ids: readonly string[]): Promise<Map<string, { setBy: string; setAt: Date }>> {
	const rows = await tx.secretValue.findMany({
		where: { id: { in: [...ids] } },
		select: { id: true, createdBy: true, createdAt: true },
	});
	return new Map(rows.map((row) => [row.id, { setBy: row.createdBy, setAt: row.createdAt }]));
}

/** What this instance is told to run with, if it is desired on this host now; null = it is not, whoever asks. */
export async function desiredInstanceOn(tx: Tx, host: string, instance: string): Promise<DesiredInstance | null> {
	const row = await tx.instance.findFirst({ where: { id: instance, hostId: host, desired: true }, select: { spec: true } });
	return row ? (row.spec as unknown as DesiredInstance) : null;
}

function toDomain(row: { version: number; entries: unknown }): StoredConfig {
	return { version: row.version, entries: row.entries as ConfigEntries };
}
