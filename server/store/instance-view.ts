import type { DesiredInstance } from "@/domain/host/model";
import type { InstancePhase } from "@/domain/rollout/model";
import { leaseMs } from "@/domain/rollout/observation";
import type { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import type { InstanceRow } from "@/server/views";

export interface InstanceFacts extends InstanceRow {
	readonly service: string;
}

/** Instances that match, with what the answering proxies say of them; oldest first. */
export async function readInstances(tx: Tx, where: Prisma.InstanceWhereInput): Promise<InstanceFacts[]> {
	const rows = await tx.instance.findMany({
		where,
		include: { host: { select: { address: true } } },
		orderBy: [{ createdAt: "asc" }, { id: "asc" }],
	});
	const proxies = await tx.proxy.findMany({ where: { host: { state: { not: "removed" } } } });
	const now = await databaseNow(tx);
	const isAnswering = (proxy: { leaseAt: Date | null; declaredLostAt: Date | null }) =>
		!proxy.declaredLostAt && isFresh(proxy.leaseAt, now);
	const answering = new Set(proxies.filter(isAnswering).map((proxy) => proxy.id));
	const told = await tx.$queryRaw<{ id: string; healthy: number; active: number }[]>`
		select "instanceId" as id, count(*) filter (where health = 'healthy')::int as healthy, sum(active)::int as active
		from proxy_endpoint
		where "instanceId" = any(${rows.map((row) => row.id)}) and "proxyId" = any(${[...answering]})
		group by 1`;
	const byInstance = new Map(told.map((one) => [one.id, one]));
	return rows.map((row) => {
		const own = byInstance.get(row.id);
		const [port] = (row.spec as unknown as DesiredInstance).ports;
		return {
			id: row.id,
			service: row.service,
			host: row.hostId,
			environment: row.environment,
			release: row.release,
			phase: row.phase as InstancePhase,
			observed: row.observed,
			healthyOn: own?.healthy ?? 0,
			proxies: answering.size,
			active: own?.active ?? 0,
			restarts: row.restarts,
			address: port ? `${row.host.address}:${port.hostPort}` : row.host.address,
			message: row.message,
			createdAt: row.createdAt,
		};
	});
}

/** `now` by Postgres' clock, which wrote the lease. */
export function isFresh(leaseAt: Date | null, now: number): boolean {
	return leaseAt !== null && now - leaseAt.getTime() < leaseMs;
}
