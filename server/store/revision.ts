import type { HostReport } from "@/domain/host/model";
import { notify, type Tx } from "@/server/store/client";

/**
 * A database that was restored, or failed over to one that was behind, may number lower than its hosts remember, and
 * they would refuse all it says. Two things keep that from happening: revisions are lifted to a number made of the time
 * when a backup is restored, and whoever reports a higher one than ours, at any time, lifts ours above it.
 */
const epochSeconds = 1_767_225_600;
/** Room for numbers given since, where the clock says less than they do. */
const leap = 1_000;
/**
 * What no honest host can hold: time's number and three years more, for a clock that was ahead. A host that lies lifts
 * to there at most, where two thousand million are still free.
 */
const ceiling = 100_000_000;
/** Postgres may add before it compares. */
const most = 2 ** 31 - 1;

/** Before anything is published. Seconds since 2026: a change a second, for ever, stays below. */
export async function liftRevisions(tx: Tx): Promise<void> {
	await tx.$executeRaw`
		update host set "desiredRevision" = greatest("desiredRevision" + ${leap}::int, extract(epoch from clock_timestamp())::int - ${epochSeconds}::int)`;
	await tx.$executeRaw`
		update service_environment s set "trafficRevision" = lifted.revision, traffic = jsonb_set(traffic, '{revision}', to_jsonb(lifted.revision))
		from (select service, environment,
			greatest("trafficRevision" + ${leap}::int, extract(epoch from clock_timestamp())::int - ${epochSeconds}::int) as revision
			from service_environment) lifted
		where lifted.service = s.service and lifted.environment = s.environment`;
}

/** What hosts and proxies said before the restore is no word about now. */
export async function forgetWords(tx: Tx): Promise<void> {
	await tx.proxyAck.deleteMany();
	await tx.proxyEndpoint.deleteMany();
	await tx.proxy.updateMany({ data: { alive: false, leaseAt: null } });
	await tx.host.updateMany({ data: { leaseAt: null, bootId: null, converged: false, reportedRevision: 0 } });
}

/** In the transaction of a report, with the host's row locked and its acknowledgements written. `news` = whose are new. */
export async function liftAboveReported(
	tx: Tx,
	hostId: string,
	report: Pick<HostReport, "desiredRevision">,
	known: number,
	news: readonly string[],
): Promise<void> {
	if (report.desiredRevision > known) {
		const lifted = await tx.$executeRaw`
			update host set "desiredRevision" = least(${report.desiredRevision}::bigint + 1, ${most}::bigint)::int where id = ${hostId}
				and ${report.desiredRevision}::int < extract(epoch from clock_timestamp())::int - ${epochSeconds}::int + ${ceiling}::int`;
		if (lifted > 0) await notify(tx, "desired", hostId);
	}
	if (news.length === 0) return;
	const keys = await tx.$queryRaw<{ key: string }[]>`
		update service_environment s set "trafficRevision" = told.next,
			traffic = jsonb_set(traffic, '{revision}', to_jsonb(told.next))
		from (select service, environment, max(revision) as revision, least(max(revision)::bigint + 1, ${most}::bigint)::int as next from proxy_ack
			where starts_with("proxyId", ${`${hostId}/`}) and service || '/' || environment = any(${[...news]}) group by 1, 2) told
		where told.service = s.service and told.environment = s.environment and told.revision > s."trafficRevision"
			and told.revision < extract(epoch from clock_timestamp())::int - ${epochSeconds}::int + ${ceiling}::int
		returning s.service || '/' || s.environment as key`;
	for (const { key } of keys) await notify(tx, "traffic", key);
}
