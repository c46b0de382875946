import { AppError } from "@/domain/errors";
import { leaseMs, type RolloutObservation } from "@/domain/rollout/observation";
import { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";

/** Everything a rollout decides by. One statement: of one moment, and one round trip on the path of every step. */
export async function observeRollout(
	tx: Tx,
	{ id, service, environment }: { id: string; service: string; environment: string },
): Promise<RolloutObservation> {
	const [row] = await tx.$queryRaw<RolloutObservation[]>`
		select ${identityColumns(id)}, r.state, r.reason,
			case when r.requested = 'abort' then jsonb_build_object(
				'by', coalesce(r."requestedBy", 'someone'), 'reason', coalesce(r."requestedReason", 'no reason given')) end as abort,
			case when r."pausedAt" is not null then jsonb_build_object(
				'by', coalesce(r."pausedBy", 'someone'), 'reason', coalesce(r."pausedReason", 'no reason given')) end as pause,
			r.step, ${milliseconds(Prisma.sql`r."stepAt"`)} as "stepAt", ${approval} as approval, ${analysis} as analysis, ${pulls} as pulls,
			(select count(*)::int from instance where "rolloutId" = r.id) as made
		from service_environment s join rollout r on r.id = ${id} where s.service = ${service} and s.environment = ${environment}`;
	if (row) return row;
	throw new AppError("not-found", `There is no rollout with the id ${id} of ${service} in ${environment}.`);
}

export type IdentityObservation = Pick<RolloutObservation, "now" | "instances" | "traffic" | "proxies">;

/** What holds of a service and environment with or without a rollout. Throws `not-found`. */
export async function observeIdentity(tx: Tx, service: string, environment: string): Promise<IdentityObservation> {
	const [row] = await tx.$queryRaw<IdentityObservation[]>`
		select ${identityColumns(null)} from service_environment s where s.service = ${service} and s.environment = ${environment}`;
	if (row) return row;
	throw new AppError("not-found", `${service} was never deployed to ${environment}.`);
}

const now = Prisma.sql`clock_timestamp() at time zone 'utc'`;

function milliseconds(column: Prisma.Sql): Prisma.Sql {
	return Prisma.sql`round(extract(epoch from ${column}) * 1000)::float8`;
}

function isFresh(column: Prisma.Sql): Prisma.Sql {
	return Prisma.sql`coalesce(${column} > ${now} - ${leaseMs} * interval '1 millisecond', false)`;
}

/**
 * isGone: the relay clears `observed` of what a host no longer names, and only a report that knew of the removal
 * counts; the host's newest revision is at least the one that removed it.
 */
const instances = (rolloutId: string | null): Prisma.Sql => Prisma.sql`(
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', i.id, 'release', i.release, 'phase', i.phase, 'observed', i.observed, 'message', i.message, 'host', i."hostId",
		'isHostLeaving', h.state = 'draining', 'isOwn', i."rolloutId" = ${rolloutId ?? ""},
		'isHostSilent', h.state = 'removed' or not ${isFresh(Prisma.sql`h."leaseAt"`)},
		'isGone', not i.desired and (h.state = 'removed' or i.observed is null and h."reportedRevision" >= h."desiredRevision"),
		'createdAt', ${milliseconds(Prisma.sql`i."createdAt"`)}, 'drainingAt', ${milliseconds(Prisma.sql`i."drainingAt"`)},
		'endpoints', (
			select coalesce(jsonb_agg(jsonb_build_object('proxy', e."proxyId", 'health', e.health, 'draining', e.draining,
				'active', e.active, 'quietSamples', e."quietSamples") order by e."proxyId"), '[]')
			from proxy_endpoint e where e."instanceId" = i.id)
	) order by i.id), '[]')
	from instance i join host h on h.id = i."hostId"
	where i.service = s.service and i.environment = s.environment and i.phase <> 'gone')`;

const proxies = Prisma.sql`(
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', p.id, 'leaseAt', ${milliseconds(Prisma.sql`p."leaseAt"`)},
		'lease', case when p."declaredLostAt" is not null then 'lost' when ${isFresh(Prisma.sql`p."leaseAt"`)} then 'answering' else 'silent' end,
		'ack', case when a."proxyId" is not null
			then jsonb_build_object('revision', a.revision, 'verdict', a.verdict, 'message', a.message) end
	) order by p.id), '[]')
	from proxy p join host h on h.id = p."hostId" and h.state <> 'removed'
	left join proxy_ack a on a."proxyId" = p.id and a.service = s.service and a.environment = s.environment)`;

/** Only words on the present intent count: an edit makes another one. */
const approval = Prisma.sql`case when jsonb_typeof(r.plan->'approval') = 'object' then jsonb_build_object(
	'approvedBy', (select coalesce(jsonb_agg(d."userName" order by d.at), '[]') from decision d
		where d."rolloutId" = r.id and d."intentHash" = r."intentHash" and d.verdict = 'approved'),
	'rejected', (select jsonb_build_object('by', d."userName", 'reason', d.reason) from decision d
		where d."rolloutId" = r.id and d."intentHash" = r."intentHash" and d.verdict = 'rejected' order by d.at limit 1),
	'expiresAt', ${milliseconds(Prisma.sql`r."createdAt"`)} + (r.plan->'approval'->>'expiresMs')::float8) end`;

const analysis = Prisma.sql`case when jsonb_typeof(r.plan->'analysis') = 'object' then (select jsonb_build_object(
	'lastAt', max(${milliseconds(Prisma.sql`a.at`)}),
	'failed', count(*) filter (where a.verdict = 'failed'),
	'successful', count(*) filter (where a.verdict = 'successful' and a.step = r.step),
	'inconclusive', count(*) filter (where a.verdict in ('inconclusive', 'error') and a.step = r.step),
	'sentence', (array_agg(a.sentence order by a.number desc))[1]) from analysis_run a where a."rolloutId" = r.id) end`;

const pulls = Prisma.sql`(
	select coalesce(jsonb_agg(jsonb_build_object(
		'host', p."hostId", 'isHostSilent', h.state = 'removed' or not ${isFresh(Prisma.sql`h."leaseAt"`)},
		'isPulled', p."isPulled", 'problem', p.problem, 'askedAt', ${milliseconds(Prisma.sql`p."askedAt"`)}) order by p."hostId"), '[]')
	from image_pull p join host h on h.id = p."hostId" where p."rolloutId" = r.id)`;

const identityColumns = (rolloutId: string | null): Prisma.Sql => Prisma.sql`
	round(extract(epoch from clock_timestamp()) * 1000)::float8 as now,
	${instances(rolloutId)} as instances, ${proxies} as proxies,
	jsonb_build_object('revision', s."trafficRevision", 'releases', coalesce(s.traffic->'releases', '[]')) as traffic`;
