import { AppError } from "@/domain/errors";
import { leaseMs } from "@/domain/rollout/observation";
import type { Proxy as ProxyRow } from "@/prisma/generated/client";
import { notify, type Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";

/** An operator's word that a silent proxy is dead; its own next report takes it back. Throws `not-allowed-now` while it answers. */
export async function declareProxyLost(tx: Tx, id: string, at?: Date): Promise<ProxyRow> {
	const now = at ?? new Date(await databaseNow(tx));
	const row = await tx.proxy.findUnique({ where: { id } });
	if (!row) throw new AppError("not-found", `There is no proxy ${id}.`);
	if (row.leaseAt && now.getTime() - row.leaseAt.getTime() < leaseMs)
		throw new AppError(
			"not-allowed-now",
			`Proxy ${id} answered ${row.leaseAt.toISOString()}: only a silent one can be declared lost.`,
		);
	const declared = await tx.proxy.update({ where: { id }, data: { declaredLostAt: now, alive: false } });
	await notify(tx, "host", row.hostId);
	await notifyPublishedServices(tx);
	return declared;
}

/** Rollouts of any service may wait for this proxy. */
export async function notifyPublishedServices(tx: Tx): Promise<void> {
	const services = await tx.serviceEnvironment.findMany({ where: { trafficRevision: { gt: 0 } } });
	for (const { service, environment } of services) await notify(tx, "observed", `${service}/${environment}`);
}
