import type { PlaceableHost } from "@/domain/rollout/place";
import type { Tx } from "@/server/store/client";

/** One placement at a time until the transaction ends: two never count the same free memory. */
export async function lockPlacement(tx: Tx): Promise<void> {
	await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('sluice placement'))`;
}

/** Every host that is not removed, with what is asked of it already. */
export async function placeableHosts(tx: Tx, service: string, environment: string, release: number): Promise<PlaceableHost[]> {
	return tx.$queryRaw<PlaceableHost[]>`
		select host.id,
			host.state = 'ready' and host.problem is null and host."memoryBytes" > 0
				and coalesce(host."leaseAt" > clock_timestamp() at time zone 'utc' - interval '15 seconds', false) as "isUsable",
			host.state = 'draining' and host.problem is null
				and coalesce(host."leaseAt" > clock_timestamp() at time zone 'utc' - interval '15 seconds', false) as "isLeaving",
			host."memoryBytes"::float8 as "memoryBytes",
			coalesce(sum((instance.spec->'limits'->>'memoryBytes')::float8), 0)::float8 as "requestedMemoryBytes",
			(count(*) filter (where instance.service = ${service} and instance.environment = ${environment}
				and instance.release = ${release} and instance.desired))::int as siblings
		from host left join instance on instance."hostId" = host.id and instance.phase <> 'gone'
		where host.state <> 'removed' group by host.id order by host.id`;
}
