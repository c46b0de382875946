import { AppError } from "@/domain/errors";
import type { HostFacts } from "@/domain/host/gate";
import type { InstancePhase } from "@/domain/rollout/model";
import { leaseMs } from "@/domain/rollout/observation";
import { notify, type Tx } from "@/server/store/client";
import { stopInstances } from "@/server/store/instance";
import { notifyPublishedServices } from "@/server/store/proxy";

/** Facts under the host's row lock, by Postgres' clock. Throws `not-found`. */
export async function lockHost(tx: Tx, id: string): Promise<HostFacts> {
	await tx.$executeRaw`select 1 from host where id = ${id} for update`;
	const [row] = await tx.$queryRaw<HostFacts[]>`
		select h.id as name, h.state,
			coalesce(h."leaseAt" < clock_timestamp() at time zone 'utc' - ${leaseMs} * interval '1 millisecond', true) as "isSilent",
			(select count(*)::int from instance i where i."hostId" = h.id and i.phase <> 'gone') as instances
		from host h where h.id = ${id}`;
	if (!row) throw new AppError("not-found", `There is no host ${id}.`);
	return row;
}

/** Services and environments with live instances there, in the order in which they are locked everywhere. */
export async function identitiesOn(tx: Tx, host: string): Promise<{ service: string; environment: string }[]> {
	return tx.instance.findMany({
		where: { hostId: host, desired: true, phase: { in: ["desired", "warm", "serving"] satisfies InstancePhase[] } },
		distinct: ["service", "environment"],
		select: { service: true, environment: true },
		orderBy: [{ service: "asc" }, { environment: "asc" }],
	});
}

export async function setHostState(tx: Tx, id: string, state: "ready" | "draining"): Promise<void> {
	await tx.host.update({ where: { id }, data: { state } });
	await notify(tx, "host", id);
}

/**
 * From now on its certificate is worth nothing and its proxies block nobody. Its instances leave the document, so the
 * traffic drops them and their ports begin their quarantine as soon as every other proxy knows (tidyLeftovers).
 */
export async function removeHost(tx: Tx, id: string): Promise<void> {
	const instances = await tx.instance.findMany({ where: { hostId: id, desired: true }, select: { id: true } });
	await stopInstances(
		tx,
		instances.map((instance) => instance.id),
	);
	const proxies = await tx.proxy.findMany({ where: { hostId: id }, select: { id: true } });
	const ofHost = { proxyId: { in: proxies.map((proxy) => proxy.id) } };
	await tx.proxyEndpoint.deleteMany({ where: ofHost });
	await tx.proxyAck.deleteMany({ where: ofHost });
	await tx.proxy.deleteMany({ where: { hostId: id } });
	await tx.host.update({
		where: { id },
		data: { state: "removed", certificateSerial: null, renewedSerial: null, problem: null, converged: false, silentSince: null },
	});
	await notify(tx, "host", id);
	// The relay ends its stream of hints at once.
	await notify(tx, "desired", id);
	await notifyPublishedServices(tx);
}
