import { AppError } from "@/domain/errors";
import type { HostReport } from "@/domain/host/model";
import { leaseMs } from "@/domain/rollout/observation";
import { Prisma } from "@/prisma/generated/client";
import { channels, type Tx } from "@/server/store/client";
import { recordPulls } from "@/server/store/image-pull";
import { liftAboveReported } from "@/server/store/revision";
import { recordVolumes } from "@/server/store/volume";

/**
 * Writes what a host says about itself, its instances and its proxies, and tells who waits for it. Only the host's
 * own rows are touched, whatever the report names. One statement a kind, and rows that say the same are left alone,
 * so an idle host costs little. Locks the host's row first, like every change of its desired document.
 * Throws `not-found` when there is no such host.
 */
export async function recordReport(tx: Tx, hostId: string, said: HostReport, now: Date): Promise<void> {
	// A host's name has no slash, so the prefix is exact: nobody speaks for another host's proxy.
	const report = { ...said, proxies: said.proxies.filter((proxy) => proxy.id.startsWith(`${hostId}/`)) };
	const host = await recordHost(tx, hostId, report, now);
	const changed = new Set<string>();
	for (const key of await recordInstances(tx, hostId, report, now)) changed.add(key);
	for (const key of await recordProxies(tx, hostId, report, now)) changed.add(key);
	const acknowledged = await recordAcks(tx, report, host.isSameBoot, now);
	for (const key of acknowledged) changed.add(key);
	await liftAboveReported(tx, hostId, report, host.desiredRevision, acknowledged);
	for (const key of await recordEndpoints(tx, report, now)) changed.add(key);
	await sampleDrains(tx, report, now);
	for (const key of await recordPulls(tx, hostId, report.images ?? [])) changed.add(key);
	if (report.volumes) await recordVolumes(tx, hostId, report.volumes, now);
	if (host.isChanged) for (const key of await servicesOn(tx, hostId)) changed.add(key);
	await announce(tx, hostId, [...changed], host.isChanged);
}

/** Rows whose only news is "still here" are written again after this; a lease is 15 s. */
const leaseWriteMs = 2_000;

type KeyRow = { key: string };

function timestamp(at: Date): Prisma.Sql {
	return Prisma.sql`${at.toISOString()}::timestamp(3)`;
}

function records(value: unknown): Prisma.Sql {
	return Prisma.sql`${JSON.stringify(value)}::jsonb`;
}

async function recordHost(
	tx: Tx,
	hostId: string,
	report: HostReport,
	now: Date,
): Promise<{ isSameBoot: boolean; isChanged: boolean; desiredRevision: number }> {
	const [before] = await tx.$queryRaw<{ bootId: string | null; desiredRevision: number; isChanged: boolean; isFresh: boolean }[]>`
		select "bootId", "desiredRevision",
			("bootId", "reportedRevision", converged, problem, "memoryBytes", cpus) is distinct from
				(${report.bootId}::text, ${report.desiredRevision}::int, ${report.converged}::bool, ${report.problem}::text,
				${Math.floor(report.capacity.memoryBytes)}::bigint, ${report.capacity.cpus}::float8)
				or coalesce("leaseAt" < ${timestamp(ago(now, leaseMs))}, true) as "isChanged",
			coalesce("leaseAt" > ${timestamp(ago(now, leaseWriteMs))}, false) as "isFresh"
		from host where id = ${hostId} and state <> 'removed' for update`;
	if (!before) throw new AppError("not-found", `There is no host ${hostId}: join again with a new token.`);
	if (before.isChanged || !before.isFresh)
		await tx.$executeRaw`
			update host set "leaseAt" = ${timestamp(now)}, "bootId" = ${report.bootId}, "reportedRevision" = ${report.desiredRevision},
				converged = ${report.converged}, problem = ${report.problem},
				"memoryBytes" = ${Math.floor(report.capacity.memoryBytes)}, cpus = ${report.capacity.cpus}
			where id = ${hostId}`;
	const { isChanged, desiredRevision } = before;
	return { isSameBoot: before.bootId === report.bootId, isChanged, desiredRevision };
}

/** An instance the host does not name is not there: observed becomes null. */
async function recordInstances(tx: Tx, hostId: string, report: HostReport, now: Date): Promise<string[]> {
	const rows = await tx.$queryRaw<KeyRow[]>`
		update instance i set observed = r.state, "containerId" = r."containerId", "exitCode" = r."exitCode",
			restarts = coalesce(r.restarts, i.restarts), message = coalesce(r.message, case when r.id is null then i.message end),
			"observedAt" = ${timestamp(now)}
		from instance known left join jsonb_to_recordset(${records(report.instances)})
			as r(id text, state text, "containerId" text, "exitCode" int, restarts int, message text) on r.id = known.id
		where i.id = known.id and known."hostId" = ${hostId} and known."goneAt" is null
			and (i.observed, i."containerId", i."exitCode", i.restarts, i.message) is distinct from
				(r.state, r."containerId", r."exitCode", coalesce(r.restarts, i.restarts),
				coalesce(r.message, case when r.id is null then i.message end))
		returning i.service || '/' || i.environment as key`;
	return rows.map((row) => row.key);
}

/** Who changed its life or its role concerns every published service: any rollout may wait for that proxy. */
async function recordProxies(tx: Tx, hostId: string, report: HostReport, now: Date): Promise<string[]> {
	const changed = await tx.$queryRaw<{ isNews: boolean }[]>`
		with word as (select * from jsonb_to_recordset(${records(report.proxies)}) as r(id text, roles text[], alive bool)),
		before as (select p.* from proxy p where p."hostId" = ${hostId}),
		missing as (
			update proxy p set alive = false where p."hostId" = ${hostId} and p.alive and p.id not in (select id from word)
			returning true as "isNews"),
		written as (
			insert into proxy (id, "hostId", roles, alive, "leaseAt")
			select id, ${hostId}, roles, alive, case when alive then ${timestamp(now)} end from word order by id
			on conflict (id) do update set roles = excluded.roles, alive = excluded.alive,
				"leaseAt" = coalesce(excluded."leaseAt", proxy."leaseAt"),
				"declaredLostAt" = case when excluded.alive then null else proxy."declaredLostAt" end
			where proxy."hostId" = excluded."hostId" and (proxy.roles, proxy.alive) is distinct from (excluded.roles, excluded.alive)
				or proxy."hostId" = excluded."hostId" and excluded.alive and (proxy."declaredLostAt" is not null
					or coalesce(proxy."leaseAt" < ${timestamp(ago(now, leaseWriteMs))}, true))
			returning id, roles, alive)
		select true as "isNews" from missing
		union all
		select b.id is null or (b.roles, b.alive) is distinct from (w.roles, w.alive) or b."declaredLostAt" is not null
			or coalesce(b."leaseAt" < ${timestamp(ago(now, leaseMs))}, true)
		from written w left join before b on b.id = w.id`;
	if (!changed.some((row) => row.isNews)) return [];
	const rows = await tx.$queryRaw<KeyRow[]>`
		select service || '/' || environment as key from service_environment where "trafficRevision" > 0`;
	return rows.map((row) => row.key);
}

/** Within one start of the agent an older revision never replaces a newer one; a restarted agent may be behind its past. */
async function recordAcks(tx: Tx, report: HostReport, isSameBoot: boolean, now: Date): Promise<string[]> {
	const acks = report.proxies.flatMap((proxy) => (proxy.alive ? proxy.acks.map((ack) => ({ proxy: proxy.id, ...ack })) : []));
	if (acks.length === 0) return [];
	const rows = await tx.$queryRaw<KeyRow[]>`
		insert into proxy_ack ("proxyId", service, environment, revision, verdict, message, at)
		select r.proxy, r.service, r.environment, r.revision, r.verdict, r.message, ${timestamp(now)}
		from jsonb_to_recordset(${records(acks)})
			as r(proxy text, service text, environment text, revision int, verdict text, message text)
			join service_environment s on s.service = r.service and s.environment = r.environment
		order by r.proxy, r.service, r.environment
		on conflict ("proxyId", service, environment) do update set revision = excluded.revision, verdict = excluded.verdict,
			message = excluded.message, at = excluded.at
		where (proxy_ack.revision, proxy_ack.verdict, proxy_ack.message) is distinct from
				(excluded.revision, excluded.verdict, excluded.message)
			and (not ${isSameBoot}::bool or excluded.revision >= proxy_ack.revision)
		returning service || '/' || environment as key`;
	return rows.map((row) => row.key);
}

/**
 * The endpoints each living proxy shows; what it no longer shows is deleted. In-flight numbers change with every
 * report and are no news by themselves: only health, DRAINING and "quiet twice" are. A dead proxy's last words stay.
 */
async function recordEndpoints(tx: Tx, report: HostReport, now: Date): Promise<string[]> {
	const living = report.proxies.filter((proxy) => proxy.alive);
	const endpoints = living.flatMap((proxy) => proxy.endpoints.map((endpoint) => ({ proxy: proxy.id, ...endpoint })));
	const rows = await tx.$queryRaw<KeyRow[]>`
		with word as (
			select r.* from jsonb_to_recordset(${records(endpoints)})
				as r(proxy text, instance text, health text, draining bool, active int, "quietSamples" int)
				join instance i on i.id = r.instance),
		before as (select * from proxy_endpoint where "proxyId" = any(${living.map((proxy) => proxy.id)})),
		dropped as (
			delete from proxy_endpoint e using before b
			where e."proxyId" = b."proxyId" and e."instanceId" = b."instanceId"
				and not exists (select from word w where w.proxy = b."proxyId" and w.instance = b."instanceId")
			returning e."instanceId"),
		written as (
			insert into proxy_endpoint ("proxyId", "instanceId", health, draining, active, "quietSamples", at)
			select proxy, instance, health, draining, active, "quietSamples", ${timestamp(now)} from word order by proxy, instance
			on conflict ("proxyId", "instanceId") do update set health = excluded.health, draining = excluded.draining,
				active = excluded.active, "quietSamples" = excluded."quietSamples", at = excluded.at
			where (proxy_endpoint.health, proxy_endpoint.draining, proxy_endpoint.active, least(proxy_endpoint."quietSamples", 2))
				is distinct from (excluded.health, excluded.draining, excluded.active, least(excluded."quietSamples", 2))
			returning "proxyId", "instanceId", health, draining, "quietSamples"),
		news as (
			select "instanceId" from dropped
			union
			select w."instanceId" from written w
				left join before b on b."proxyId" = w."proxyId" and b."instanceId" = w."instanceId"
			where (w.health, w.draining, w."quietSamples" >= 2) is distinct from (b.health, b.draining, b."quietSamples" >= 2))
		select distinct i.service || '/' || i.environment as key from news join instance i on i.id = news."instanceId"`;
	return rows.map((row) => row.key);
}

/** A point of the in-flight curve of each draining instance this report speaks of, at most one in 100 ms, to the rollout under way. */
async function sampleDrains(tx: Tx, report: HostReport, now: Date): Promise<void> {
	const instances = report.proxies.flatMap((proxy) => proxy.endpoints.map((endpoint) => endpoint.instance));
	if (instances.length === 0) return;
	await tx.$executeRaw`
		insert into drain_sample ("rolloutId", "instanceId", at, active)
		select r.id, i.id, ${timestamp(now)}, coalesce((
			select sum(e.active) from proxy_endpoint e join proxy p on p.id = e."proxyId" and p.alive where e."instanceId" = i.id), 0)
		from instance i join rollout r on r.service = i.service and r.environment = i.environment
			and r.state not in ('awaiting-approval', 'promoted', 'rolled-back', 'failed', 'superseded', 'rejected')
		where i.id = any(${instances}) and i.phase = 'draining' and not exists (
			select from drain_sample s where s."rolloutId" = r.id and s."instanceId" = i.id
				and s.at > ${timestamp(ago(now, 100))})
		order by i.id
		on conflict do nothing`;
}

/** What waits for a host to reach a revision waits per service. */
async function servicesOn(tx: Tx, hostId: string): Promise<string[]> {
	const rows = await tx.$queryRaw<KeyRow[]>`
		select distinct service || '/' || environment as key from instance where "hostId" = ${hostId} and "goneAt" is null`;
	return rows.map((row) => row.key);
}

async function announce(tx: Tx, hostId: string, services: string[], isHostChanged: boolean): Promise<void> {
	if (services.length === 0 && !isHostChanged) return;
	await tx.$queryRaw`
		select count(pg_notify(${channels.observed}, key)) from unnest(${services}::text[]) as key
		union all
		select count(pg_notify(${channels.host}, ${hostId}))`;
}

function ago(now: Date, ms: number): Date {
	return new Date(now.getTime() - ms);
}
