import type { Tx } from "@/server/store/client";
import { keptShortly } from "@/server/store/kept";
import type { HostRow } from "@/server/views";

type Ack = HostRow["proxies"][number]["acknowledged"][number];

export interface Acknowledged {
	readonly count: number;
	readonly first: readonly Ack[];
}

/** Of each proxy. */
const mostShown = 10;

/** What each proxy acknowledged, by its id. Every proxy has every service: all of it is too much for a page. */
export const acknowledgedNow = keptShortly(readAcknowledged);

async function readAcknowledged(tx: Tx): Promise<Map<string, Acknowledged>> {
	const counts = await tx.$queryRaw<{ proxy: string; count: number }[]>`
		select "proxyId" as proxy, count(*)::int as count from proxy_ack group by 1`;
	// Materialized: none is behind as a rule, and whoever expects many would look at each until it has a thousand.
	const shown = await tx.$queryRaw<(Ack & { proxy: string; rank: number })[]>`
		with late as materialized (
			select a."proxyId" as proxy, 0 as rank, a.service, a.environment, a.revision, se."trafficRevision" as published, a.verdict, a.message
			from proxy_ack a join service_environment se on se.service = a.service and se.environment = a.environment
			where se."trafficRevision" > 0 and (a.verdict = 'nack' or a.revision < se."trafficRevision")
		)
		select a."proxyId" as proxy, 1 as rank, a.service, a.environment, a.revision, se."trafficRevision" as published, a.verdict, a.message
		from (
			select service, environment, "trafficRevision" from service_environment
			where "trafficRevision" > 0 order by service, environment limit ${mostShown}
		) se join proxy_ack a on a.service = se.service and a.environment = se.environment
		union
		(select * from late limit 1000)
		order by rank, service, environment`;
	const byProxy = Map.groupBy(shown, ({ proxy }) => proxy);
	return new Map(counts.map(({ proxy, count }) => [proxy, { count, first: firstOf(byProxy.get(proxy) ?? []) }]));
}

/** One that is behind may be among the first by name, too. */
function firstOf(acks: readonly (Ack & { proxy: string; rank: number })[]): Ack[] {
	const byPlace = new Map<string, Ack>();
	for (const { proxy: _, rank: __, ...ack } of acks) {
		const place = `${ack.service}/${ack.environment}`;
		if (!byPlace.has(place)) byPlace.set(place, ack);
	}
	return [...byPlace.values()].slice(0, mostShown);
}
