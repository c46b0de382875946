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
	const endpoints = await tx.proxyEndpoint.findMany({ where: { instanceId: { in: rows.map((row) => row.id) } } });
	const byInstance = Map.groupBy(
		endpoints.filter((endpoint) => answering.has(endpoint.proxyId)),
		(endpoint) => endpoint.instanceId,
	);
	return rows.map((row) => {
		const own = byInstance.get(row.id) ?? [];
		const [port] = (row.spec as unknown as DesiredInstance).ports;
		return {
			id: row.id,
			service: row.service,
			host: row.hostId,
			environment: row.environment,
			release: row.release,
			phase: row.phase as InstancePhase,
			observed: row.observed,
			healthyOn: own.filter((endpoint) => endpoint.health === "healthy").length,
			proxies: answering.size,
			active: own.reduce((sum, endpoint) => sum + endpoint.active, 0),
			restarts: row.restarts,
			address: port ? `${row.host.address}:${port.hostPort}` : row.host.address,
			message: row.message,
			createdAt: row.createdAt,
		};
	});
}

/** Serving, running, and healthy on every proxy that answers; with no proxy answering nobody can say so. */
export function isHealthy(instance: InstanceRow): boolean {
	return (
		instance.phase === "serving" &&
		instance.observed === "running" &&
		instance.proxies > 0 &&
		instance.healthyOn === instance.proxies
	);
}

/** `now` by Postgres' clock, which wrote the lease. */
export function isFresh(leaseAt: Date | null, now: number): boolean {
	return leaseAt !== null && now - leaseAt.getTime() < leaseMs;
}
