import type { DesiredInstance } from "@/domain/host/model";
import type { InstancePhase } from "@/domain/rollout/model";
import type { Prisma } from "@/prisma/generated/client";
import { notify, type Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";

export interface NewInstance {
	readonly spec: DesiredInstance;
	readonly releaseId: string;
	readonly rolloutId: string;
	readonly hostId: string;
}

/**
 * Changes what a host should run: takes the host's row lock, lets `change` do it, and raises the document's revision
 * if it says that something changed. Every change of `desired` goes through here.
 */
export async function changeDesired(tx: Tx, hostId: string, change: () => Promise<boolean>): Promise<void> {
	await tx.$executeRaw`select 1 from host where id = ${hostId} for update`;
	if (!(await change())) return;
	await tx.host.update({ where: { id: hostId }, data: { desiredRevision: { increment: 1 } } });
	await notify(tx, "desired", hostId);
}

/** Call it within `changeDesired` of its host. */
export async function insertInstance(tx: Tx, { spec, releaseId, rolloutId, hostId }: NewInstance): Promise<void> {
	await tx.instance.create({
		data: {
			id: spec.id,
			service: spec.service,
			environment: spec.environment,
			releaseId,
			release: spec.release,
			hostId,
			rolloutId,
			spec: spec as unknown as Prisma.InputJsonValue,
			createdAt: new Date(await databaseNow(tx)),
		},
	});
}

export async function existingInstances(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
	const rows = await tx.instance.findMany({ where: { id: { in: [...ids] } }, select: { id: true } });
	return new Set(rows.map((row) => row.id));
}

/** Takes instances out of their hosts' documents. Those that already left are left alone. Returns the ones that left now. */
export async function stopInstances(tx: Tx, ids: readonly string[]): Promise<string[]> {
	const rows = await tx.instance.findMany({ where: { id: { in: [...ids] }, desired: true }, orderBy: { hostId: "asc" } });
	const stopped: string[] = [];
	// In the order of host ids, so that two transactions never wait for each other.
	for (const hostId of new Set(rows.map((row) => row.hostId))) {
		await changeDesired(tx, hostId, async () => {
			const here = rows.filter((row) => row.hostId === hostId).map((row) => row.id);
			const { count } = await tx.instance.updateMany({
				where: { id: { in: here }, desired: true },
				data: { desired: false, phase: "stopping" satisfies InstancePhase },
			});
			stopped.push(...here);
			return count > 0;
		});
	}
	return stopped;
}

/** Sets the phase that a publish or a hold gave to instances, with its time. Those that are being stopped stay so. */
export async function setPhase(tx: Tx, ids: readonly string[], phase: InstancePhase): Promise<void> {
	const now = new Date(await databaseNow(tx));
	const from: InstancePhase[] =
		phase === "draining" ? ["desired", "warm", "serving"] : ["desired", "warm", "serving", "draining", "held"];
	await tx.instance.updateMany({
		where: { id: { in: [...ids] }, phase: { in: from, not: phase } },
		data: {
			phase,
			...(phase === "draining" ? { drainingAt: now } : {}),
			...(phase === "serving" ? { servingAt: now, drainingAt: null } : {}),
		},
	});
}

/** What proxies said about an earlier drain says nothing about the next. */
export async function forgetDrains(tx: Tx, ids: readonly string[]): Promise<void> {
	await tx.proxyEndpoint.updateMany({ where: { instanceId: { in: [...ids] } }, data: { draining: false, quietSamples: 0 } });
}

export async function markGone(tx: Tx, ids: readonly string[]): Promise<void> {
	const goneAt = new Date(await databaseNow(tx));
	await tx.instance.updateMany({
		where: { id: { in: [...ids] }, phase: { not: "gone" }, desired: false },
		data: { phase: "gone", goneAt },
	});
	await tx.proxyEndpoint.deleteMany({ where: { instanceId: { in: [...ids] } } });
}

export interface InstancePlace {
	readonly address: string;
	readonly ports: Readonly<Record<string, number>>;
}

/** Where instances can be reached: host address and port name -> host port. */
export async function instancePlaces(tx: Tx, ids: readonly string[]): Promise<Map<string, InstancePlace>> {
	const rows = await tx.instance.findMany({
		where: { id: { in: [...ids] } },
		select: { id: true, spec: true, host: { select: { address: true } } },
	});
	return new Map(
		rows.map((row) => {
			const spec = row.spec as unknown as DesiredInstance;
			return [
				row.id,
				{ address: row.host.address, ports: Object.fromEntries(spec.ports.map((port) => [port.name, port.hostPort])) },
			];
		}),
	);
}

export async function phasesOf(tx: Tx, ids: readonly string[]): Promise<Map<string, InstancePhase>> {
	const rows = await tx.instance.findMany({ where: { id: { in: [...ids] } }, select: { id: true, phase: true } });
	return new Map(rows.map((row) => [row.id, row.phase as InstancePhase]));
}

/** For those that should be stopped and cannot be: the drain goes on without a deadline. */
export async function holdInstances(tx: Tx, ids: readonly string[]): Promise<void> {
	await tx.instance.updateMany({
		where: { id: { in: [...ids] }, phase: "draining" },
		data: { phase: "held" satisfies InstancePhase },
	});
}

/** Identities with instances that a finished rollout left to be stopped or forgotten. */
export async function identitiesWithLeftovers(tx: Tx): Promise<{ service: string; environment: string }[]> {
	return tx.instance.findMany({
		where: { phase: { in: ["draining", "held", "stopping"] satisfies InstancePhase[] } },
		distinct: ["service", "environment"],
		select: { service: true, environment: true },
		orderBy: [{ service: "asc" }, { environment: "asc" }],
	});
}
