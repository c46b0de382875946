import { whyNotRemoveVolume } from "@/domain/volume";
import type { Tx } from "@/server/store/client";
import { listVolumes, type VolumeRecord, volumeHolders } from "@/server/store/volume";
import type { VolumeRow } from "@/server/views";

/** All whose host has not said that they are gone, also of services that run nowhere any more. */
export async function readVolumes(tx: Tx, where: { readonly service?: string | undefined }): Promise<VolumeRow[]> {
	const rows = await listVolumes(tx, where.service === undefined ? {} : { service: where.service });
	return Promise.all(rows.map((row) => readVolume(tx, row)));
}

export async function readVolume(tx: Tx, row: VolumeRecord): Promise<VolumeRow> {
	const { id, service, environment, name, hostId: host, createdAt, removedAt, removedBy } = row;
	const holders = removedAt === null ? await volumeHolders(tx, service, environment) : [];
	const refusal = whyNotRemoveVolume({ service, environment, name, heldBy: holders });
	return { id, service, environment, name, host, heldBy: holders[0] ?? null, createdAt, removedAt, removedBy, refusal };
}
