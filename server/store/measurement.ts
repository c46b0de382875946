import { bucketMs, type Measurement, type MeasurementPoint, type ProxyMeasurements } from "@/domain/analysis/measurement";
import type { ReleaseMeasurement } from "@/domain/analysis/model";
import { mergeSamples, quantile } from "@/domain/analysis/sample";
import { leaseMs } from "@/domain/rollout/observation";
import { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";

/** A span holds the buckets that begin in it, from included, to excluded: spans side by side count every request once. */
interface Span {
	readonly service: string;
	readonly environment: string;
	readonly from: Date;
	readonly to: Date;
}

export type RecordedMeasurement = Omit<Measurement, "atMs"> & { readonly proxy: string };

/** Of a whole span: enough for a 99th percentile and a rank test, little enough to sort. */
const mostLatencies = 10_000;
/** Of one point of a chart. */
const mostPointLatencies = 400;

/**
 * Keeps what a host's proxies counted. A bucket that is here already is left alone, so sending it again is harmless;
 * only the host's own proxies and services that exist are taken. Answers with what was new.
 */
export async function recordMeasurements(
	tx: Tx,
	hostId: string,
	said: readonly ProxyMeasurements[],
): Promise<readonly RecordedMeasurement[]> {
	const rows = said
		// A host's name has no slash, so the prefix is exact: nobody speaks for another host's proxy.
		.filter(({ proxy }) => proxy.startsWith(`${hostId}/`))
		.flatMap(({ proxy, measurements }) =>
			measurements.map(({ latenciesUs, atMs, ...rest }) => ({ ...rest, proxy, at: new Date(atMs), latencies: latenciesUs })),
		);
	await tx.$executeRaw`update host set "measuredAt" = clock_timestamp() at time zone 'utc' where id = ${hostId}`;
	if (rows.length === 0) return [];
	return tx.$queryRaw<RecordedMeasurement[]>`
		insert into measurement (service, environment, release, "proxyId", at, requests, failures, latencies)
		select r.service, r.environment, r.release, r.proxy, r.at, r.requests, r.failures, r.latencies
		from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
			as r(service text, environment text, release int, proxy text, at timestamp(3), requests int, failures int, latencies int[])
			join service_environment s on s.service = r.service and s.environment = r.environment
		order by r.service, r.environment, r.at, r.release, r.proxy
		on conflict do nothing
		returning service, environment, release, "proxyId" as proxy, requests, failures, latencies as "latenciesUs"`;
}

/** What all proxies saw of one release in the span. A bucket comes at the earliest when it is over, late when a host was away. */
export async function measureRelease(tx: Tx, asked: Span & { readonly release: number }): Promise<ReleaseMeasurement> {
	const { service, environment, release, from, to } = asked;
	const rows = await tx.measurement.findMany({
		where: { service, environment, release, at: { gte: from, lt: to } },
		// The same evidence whenever it is asked for.
		orderBy: [{ at: "asc" }, { proxyId: "asc" }],
		select: { requests: true, failures: true, latencies: true },
	});
	return {
		requests: rows.reduce((sum, row) => sum + row.requests, 0),
		failures: rows.reduce((sum, row) => sum + row.failures, 0),
		latenciesUs: mergeSamples(
			rows.map((row) => ({ requests: row.requests, latenciesUs: row.latencies })),
			mostLatencies,
		),
	};
}

/** A bucket's length, and some beats of its agent. */
const latestMs = 20_000;

/** Hosts that answer, but have not told for `latestMs` what their proxies see: what the others saw is then not the whole. */
export async function hostsWithoutMeasurements(tx: Tx): Promise<string[]> {
	const rows = await tx.$queryRaw<{ id: string }[]>`
		select id from host, (select clock_timestamp() at time zone 'utc' as now) clock
		where state <> 'removed' and "leaseAt" > now - ${leaseMs} * interval '1 millisecond'
			and coalesce("measuredAt" < now - ${latestMs} * interval '1 millisecond', true)
		order by id`;
	return rows.map(({ id }) => id);
}

/** The chart of the time just over, by Postgres' clock; whole steps only, so that the last point does not grow. */
export async function readRecent(
	tx: Tx,
	asked: { readonly service: string; readonly environment: string; readonly spanMs: number; readonly stepMs: number },
): Promise<{ readonly from: Date; readonly to: Date; readonly stepMs: number; readonly points: MeasurementPoint[] }> {
	const { service, environment, spanMs, stepMs } = asked;
	const to = Math.floor((await databaseNow(tx)) / stepMs) * stepMs;
	const span = { from: new Date(to - spanMs), to: new Date(to) };
	return { ...span, stepMs, points: await readMeasurements(tx, { service, environment, ...span, stepMs }) };
}

/**
 * The chart of every release in the span, oldest first, one point for each `stepMs` (5 s unless told) in which a proxy
 * saw a request. Steps begin at multiples of `stepMs`, so a chart that moves on keeps its points.
 */
export async function readMeasurements(tx: Tx, asked: Span & { readonly stepMs?: number }): Promise<MeasurementPoint[]> {
	const { service, environment, from, to, stepMs = bucketMs } = asked;
	// Each bucket gives about its share of a point's sample, so that six hours of a busy service stay small.
	const rows = await tx.$queryRaw<{ release: number; at: Date; buckets: SampledBucket[] }[]>`
		with bucket as (
			select release, requests, failures, latencies, "proxyId", at as began,
				date_bin(${`${stepMs} milliseconds`}::interval, at, timestamp '2000-01-01') as step
			from measurement
			where service = ${service} and environment = ${environment} and at >= ${timestamp(from)} and at < ${timestamp(to)}),
		thinned as (
			select release, step, began, "proxyId", requests, failures, latencies[1:1 + ceil(
				${mostPointLatencies} * requests::float8 / greatest(1, sum(requests) over (partition by release, step)))::int] as latencies
			from bucket)
		select release, step as at, jsonb_agg(jsonb_build_object(
			'requests', requests, 'failures', failures, 'latenciesUs', latencies) order by began, "proxyId") as buckets
		from thinned group by release, step order by step, release`;
	return rows.map(({ release, at, buckets }) => ({ release, at, ...pointOf(buckets) }));
}

interface SampledBucket {
	readonly requests: number;
	readonly failures: number;
	readonly latenciesUs: readonly number[];
}

function pointOf(buckets: readonly SampledBucket[]): Omit<MeasurementPoint, "release" | "at"> {
	const sorted = mergeSamples(buckets, mostPointLatencies).sort((a, b) => a - b);
	return {
		requests: buckets.reduce((sum, bucket) => sum + bucket.requests, 0),
		failures: buckets.reduce((sum, bucket) => sum + bucket.failures, 0),
		p50Us: quantile(sorted, 0.5),
		p95Us: quantile(sorted, 0.95),
		p99Us: quantile(sorted, 0.99),
	};
}

/** How many were removed. */
export async function removeOldMeasurements(tx: Tx, before: Date): Promise<number> {
	const { count } = await tx.measurement.deleteMany({ where: { at: { lt: before } } });
	return count;
}

function timestamp(at: Date): Prisma.Sql {
	return Prisma.sql`${at.toISOString()}::timestamp(3)`;
}
