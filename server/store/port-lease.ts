import { AppError } from "@/domain/errors";
import type { Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";

const firstPort = 20_000;
const lastPort = 29_999;
/** After every proxy acknowledged the removal, a late connection may still be on its way. */
const quarantineMs = 60_000;

/**
 * Leases `count` ports of a host to an instance, or returns those it already has. Call it under the host's row lock
 * (`changeDesired`). Throws `does-not-fit` when the host has no free port.
 */
export async function leasePorts(tx: Tx, hostId: string, instanceId: string, count: number): Promise<number[]> {
	const own = await tx.portLease.findMany({ where: { hostId, instanceId, releasedAt: null }, orderBy: { port: "asc" } });
	if (own.length > 0) return own.map((lease) => lease.port);
	const reusableBefore = new Date((await databaseNow(tx)) - quarantineMs);
	await tx.portLease.deleteMany({ where: { hostId, releasedAt: { lt: reusableBefore } } });
	const taken = new Set((await tx.portLease.findMany({ where: { hostId }, select: { port: true } })).map((lease) => lease.port));
	const ports: number[] = [];
	for (let port = firstPort; port <= lastPort && ports.length < count; port += 1) if (!taken.has(port)) ports.push(port);
	if (ports.length < count) {
		throw new AppError(
			"does-not-fit",
			`Host ${hostId} has no free port between ${firstPort} and ${lastPort}: stop something on it.`,
		);
	}
	await tx.portLease.createMany({ data: ports.map((port) => ({ hostId, port, instanceId })) });
	return ports;
}

/**
 * Starts the quarantine of ports whose instance is gone and whose removal every proxy that may still be alive has
 * acknowledged. Called again and again by a worker; returns how many it released.
 */
export async function releasePorts(tx: Tx): Promise<number> {
	return tx.$executeRaw`
		update port_lease lease set "releasedAt" = clock_timestamp() at time zone 'utc'
		from instance, service_environment identity
		where lease."releasedAt" is null and instance.id = lease."instanceId" and instance.phase = 'gone'
			and identity.service = instance.service and identity.environment = instance.environment
			and not coalesce(identity.traffic->'releases' @? ('$[*].endpoints[*] ? (@.instance == "' || instance.id || '")')::jsonpath, false)
			and not exists (
				select 1 from proxy
				join host on host.id = proxy."hostId" and host.state <> 'removed'
				left join proxy_ack ack on ack."proxyId" = proxy.id and ack.service = identity.service
					and ack.environment = identity.environment
				where proxy."declaredLostAt" is null
					and (ack.revision is null or ack.verdict <> 'ack' or ack.revision < identity."trafficRevision")
			)`;
}
