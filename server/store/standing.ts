import { leaseMs } from "@/domain/rollout/observation";
import { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";
import { keptShortly } from "@/server/store/kept";

/** How a service stands in an environment, counted by the database: what its state and its problem are judged by. */
export interface Standing {
	readonly service: string;
	readonly environment: string;
	readonly stableReleaseId: string | null;
	/** What a person asked for, else what the stable release's manifest says. */
	readonly declared: number;
	readonly exposed: boolean;
	readonly present: number;
	/** Serving, running, and healthy on every proxy that answers; with no proxy answering nobody can say so. */
	readonly healthy: number;
	readonly held: number;
	/** Proxies that answer now, of all hosts. */
	readonly proxies: number;
	/** What the oldest instance that says something says. */
	readonly message: string | null;
}

/** Of the proxies that answer, by the database's clock, which wrote their leases. */
const answering = Prisma.sql`
	select p.id from proxy p join host h on h.id = p."hostId"
	where h.state <> 'removed' and p."declaredLostAt" is null
		and p."leaseAt" > clock_timestamp()::timestamp - ${leaseMs} * interval '1 millisecond'`;

const isHealthy = Prisma.sql`(i.phase = 'serving' and i.observed = 'running' and p.n > 0 and coalesce(e.n, 0) = p.n)`;

/** Of these services, each in every environment that it has a row in. */
export async function readStandings(tx: Tx, services: readonly string[]): Promise<Standing[]> {
	return tx.$queryRaw<Standing[]>`
		with answering as materialized (${answering}), p as (select count(*)::int as n from answering)
		select se.service, se.environment, se."stableReleaseId",
			coalesce(se.instances, (r.manifest #>> array['environments', se.environment, 'instances'])::int, 0) as declared,
			coalesce((r.manifest #>> array['environments', se.environment, 'exposed'])::boolean, false) as exposed,
			own.present, own.healthy, own.held, own.message, p.n as proxies
		from service_environment se
		cross join p
		left join release r on r.id = se."stableReleaseId"
		cross join lateral (
			select count(*)::int as present, count(*) filter (where ${isHealthy})::int as healthy,
				count(*) filter (where i.phase = 'held')::int as held,
				(array_agg(i.message order by i."createdAt", i.id) filter (where i.message is not null))[1] as message
			from instance i
			left join lateral (
				select count(*)::int as n from proxy_endpoint e
				where e."instanceId" = i.id and e.health = 'healthy' and e."proxyId" in (select id from answering)
			) e on true
			where i.service = se.service and i.environment = se.environment and i.phase <> 'gone'
		) own
		where se.service = any(${services})`;
}

/** The state of everything that there is: which services (in which environment) are in which state. */
export const statesNow = keptShortly(readStates);

export async function readStates(tx: Tx): Promise<StateOfMany[]> {
	return tx.$queryRaw<StateOfMany[]>`
		with answering as materialized (${answering}), p as (select count(*)::int as n from answering),
		e as (
			select "instanceId", count(*)::int as n from proxy_endpoint
			where health = 'healthy' and "proxyId" in (select id from answering) group by 1
		),
		own as (
			select i.service, i.environment, count(*)::int as present, count(*) filter (where ${isHealthy})::int as healthy,
				count(*) filter (where i.phase = 'held')::int as held
			from instance i cross join p left join e on e."instanceId" = i.id
			where i.phase <> 'gone' group by 1, 2
		),
		moving as (
			select service, environment, bool_or(state = 'waiting' and reason is not null) as waits,
				bool_or(state = 'awaiting-approval') as asks
			from rollout
			where state not in ('promoted', 'rolled-back', 'failed', 'superseded', 'rejected') group by 1, 2
		),
		stands as (
			select s.name as service, v.name as environment,
				case
					when m.asks then 'awaiting-approval'
					when m.service is not null then 'progressing'
					when se."stableReleaseId" is null then case when f.state = 'failed' then 'failed' else 'never-deployed' end
					when coalesce(own.present, 0) > 0 and p.n = 0 then 'unknown'
					when d.n = 0 and coalesce(own.present, 0) = 0 then 'stopped'
					when coalesce(own.healthy, 0) >= d.n then 'healthy'
					when own.healthy > 0 then 'degraded'
					else 'failed'
				end as state,
				coalesce(m.waits, false) as waits, coalesce(own.held, 0) > 0 as holds
			from service s
			cross join environment v
			cross join p
			left join service_environment se on se.service = s.name and se.environment = v.name
			left join release r on r.id = se."stableReleaseId"
			left join own on own.service = s.name and own.environment = v.name
			left join moving m on m.service = s.name and m.environment = v.name
			left join lateral (
				select o.state from rollout o where se."stableReleaseId" is null and o.service = s.name and o.environment = v.name
				order by o.number desc limit 1
			) f on true
			cross join lateral (
				select coalesce(se.instances, (r.manifest #>> array['environments', v.name, 'instances'])::int, 0) as n
			) d
		)
		select state, environment, holds and state = 'healthy' or waits or state in ('failed', 'degraded', 'unknown') as troubled,
			array_agg(service) as services
		from stands group by 1, 2, 3`;
}

export interface StateOfMany {
	readonly state: string;
	readonly environment: string;
	/** It says a problem, or is failed or degraded. */
	readonly troubled: boolean;
	readonly services: readonly string[];
}
