import type { Tx } from "@/server/store/client";

/** Of these ids the instances that were ever placed on this host, and whose they are. */
export async function instancesOfHost(
	tx: Tx,
	hostId: string,
	ids: readonly string[],
): Promise<Map<string, { readonly service: string; readonly environment: string }>> {
	const rows = await tx.instance.findMany({
		where: { hostId, id: { in: [...ids] } },
		select: { id: true, service: true, environment: true },
	});
	return new Map(rows.map(({ id, ...identity }) => [id, identity]));
}

export interface PlacedInstance {
	readonly id: string;
	readonly host: string;
	readonly release: number;
	readonly isGone: boolean;
}

/** Every instance that a service ever had in an environment, newest first. */
export async function placedInstances(
	tx: Tx,
	{ service, environment }: { readonly service: string; readonly environment: string },
): Promise<PlacedInstance[]> {
	const rows = await tx.instance.findMany({
		where: { service, environment },
		select: { id: true, hostId: true, release: true, goneAt: true, phase: true },
		orderBy: [{ createdAt: "desc" }, { id: "asc" }],
	});
	return rows.map((row) => ({
		...{ id: row.id, host: row.hostId, release: row.release },
		isGone: row.goneAt !== null || row.phase === "gone",
	}));
}
