import type { PlacedVolume } from "@/domain/volume";
import type { Volume } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { changeDesired } from "@/server/store/instance";

export type VolumeRecord = Volume;

/** Those of a service in an environment that nobody has removed. Call it under `lockPlacement` to place by it. */
export async function placedVolumes(tx: Tx, service: string, environment: string): Promise<PlacedVolume[]> {
	const rows = await tx.volume.findMany({ where: { service, environment, removedAt: null }, orderBy: { name: "asc" } });
	return rows.map(({ id, name, hostId }) => ({ id, name, host: hostId }));
}

export async function insertVolume(
	tx: Tx,
	volume: Pick<Volume, "id" | "service" | "environment" | "name" | "hostId">,
): Promise<void> {
	await tx.volume.create({ data: { ...volume, createdAt: new Date(await databaseNow(tx)) } });
}

/** Instances that hold a volume of this identity, as far as anybody knows: in a document, or not yet said to be removed. */
export async function volumeHolders(tx: Tx, service: string, environment: string): Promise<string[]> {
	const rows = await tx.$queryRaw<{ id: string }[]>`
		select i.id from instance i join host h on h.id = i."hostId"
		where i.service = ${service} and i.environment = ${environment} and i.phase <> 'gone' and i.spec->'volumes' is not null
			and h.state <> 'removed' and (i.desired or i.observed is not null or h."reportedRevision" < h."desiredRevision")
		order by i.id`;
	return rows.map((row) => row.id);
}

/** Every volume whose host has not said that it is gone, by service. */
export async function listVolumes(tx: Tx, where: { readonly service?: string } = {}): Promise<VolumeRecord[]> {
	return tx.volume.findMany({
		where: { ...where, goneAt: null },
		orderBy: [{ service: "asc" }, { environment: "asc" }, { name: "asc" }, { createdAt: "asc" }],
	});
}

export async function findVolume(
	tx: Tx,
	volume: { readonly service: string; readonly environment: string; readonly name: string },
): Promise<VolumeRecord | null> {
	const { service, environment, name } = volume;
	return tx.volume.findFirst({ where: { service, environment, name, removedAt: null } });
}

/** Its host's next document says that it is to go; of a host that was removed nothing will ever be told. */
export async function removeVolume(tx: Tx, { id, hostId }: VolumeRecord, removedBy: string): Promise<void> {
	await changeDesired(tx, hostId, async () => {
		const removedAt = new Date(await databaseNow(tx));
		const isLost = (await tx.host.count({ where: { id: hostId, state: { not: "removed" } } })) === 0;
		const data = { removedAt, removedBy, ...(isLost ? { goneAt: removedAt } : {}) };
		return (await tx.volume.updateMany({ where: { id, removedAt: null }, data })).count === 1;
	});
}

/** What a host has no more of that it was to remove. `volumes` are the names of all it has. */
export async function recordVolumes(tx: Tx, hostId: string, volumes: readonly string[], now: Date): Promise<void> {
	await tx.volume.updateMany({
		where: { hostId, removedAt: { not: null }, goneAt: null, id: { notIn: [...volumes] } },
		data: { goneAt: now },
	});
}
