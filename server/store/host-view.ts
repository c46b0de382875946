import { AppError } from "@/domain/errors";
import { type HostFacts, whyNotDrain, whyNotRemove, whyNotUndrain } from "@/domain/host/gate";
import type { Prisma } from "@/prisma/generated/client";
import { type Acknowledged, acknowledgedNow } from "@/server/store/acknowledged";
import type { Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { type InstanceFacts, isFresh, readInstances } from "@/server/store/instance-view";
import type { HostRow } from "@/server/views";

type StoredHost = Prisma.HostGetPayload<{ include: { proxies: true } }>;

/** Of each host, and of each proxy's services: the page is about hosts. */
const mostShown = 10;

export async function readHosts(tx: Tx, id?: string): Promise<HostRow[]> {
	const hosts = await tx.host.findMany({
		where: { state: { not: "removed" }, ...(id === undefined ? {} : { id }) },
		orderBy: { id: "asc" },
		include: { proxies: { orderBy: { id: "asc" } } },
	});
	const ids = hosts.map((host) => host.id);
	const [counts, instances, acknowledged, requested, now] = await Promise.all([
		countInstances(tx, ids),
		readFirstInstances(tx, ids),
		acknowledgedNow(tx),
		readRequested(tx, hosts),
		databaseNow(tx),
	]);
	return hosts.map((host) =>
		hostRow(host, now, {
			instances: instances.filter((instance) => instance.host === host.id),
			instanceCount: counts.get(host.id) ?? 0,
			requested: requested.get(host.id) ?? nothing,
			acknowledged,
		}),
	);
}

async function countInstances(tx: Tx, hosts: string[]): Promise<Map<string, number>> {
	const rows = await tx.$queryRaw<{ host: string; count: number }[]>`
		select "hostId" as host, count(*)::int as count from instance where "hostId" = any(${hosts}) and phase <> 'gone' group by 1`;
	return new Map(rows.map(({ host, count }) => [host, count]));
}

/** Those that say something, then the oldest, of each host. */
async function readFirstInstances(tx: Tx, hosts: readonly string[]): Promise<InstanceFacts[]> {
	const first = await tx.$queryRaw<{ id: string }[]>`
		select i.id from unnest(${hosts}::text[]) as h(id) cross join lateral (
			select id from (
				(select i.id, 0 as rank, i."createdAt" from instance i
					where i."hostId" = h.id and i.phase <> 'gone' and i.message is not null limit ${mostShown})
				union all
				(select i.id, 1, i."createdAt" from instance i
					where i."hostId" = h.id and i.phase <> 'gone' order by i."createdAt", i.id limit ${mostShown})
			) found group by id order by min(rank), min("createdAt"), id limit ${mostShown}
		) i`;
	return readInstances(tx, { id: { in: first.map((row) => row.id) } });
}

interface Requested {
	readonly memoryBytes: number;
	readonly cpus: number;
}

const nothing: Requested = { memoryBytes: 0, cpus: 0 };
/** What a document asks for stays the same until its revision rises: changeDesired (server/store/instance.ts) is the only way. */
const requestedAt = new WeakMap<object, Map<string, { readonly revision: number; readonly requested: Requested }>>();

async function readRequested(tx: Tx, hosts: readonly StoredHost[]): Promise<Map<string, Requested>> {
	const kept = requestedAt.get(tx) ?? new Map();
	requestedAt.set(tx, kept);
	const changed = hosts.filter((host) => host.desiredRevision === 0 || kept.get(host.id)?.revision !== host.desiredRevision);
	if (changed.length > 0) {
		const sums = await tx.$queryRaw<(Requested & { host: string })[]>`
			select "hostId" as host, sum((spec #>> '{limits,memoryBytes}')::float8) as "memoryBytes",
				sum((spec #>> '{limits,cpus}')::float8) as cpus
			from instance where desired and "hostId" = any(${changed.map((host) => host.id)}) group by 1`;
		const sumOf = new Map(sums.map(({ host, ...requested }) => [host, requested]));
		for (const { id, desiredRevision } of changed) {
			kept.set(id, { revision: desiredRevision, requested: sumOf.get(id) ?? nothing });
		}
	}
	return new Map(hosts.map(({ id }) => [id, kept.get(id)?.requested ?? nothing]));
}

/** Throws `not-found`. */
export async function readHost(tx: Tx, id: string): Promise<HostRow> {
	const [row] = await readHosts(tx, id);
	if (!row) throw new AppError("not-found", `There is no host ${id}.`);
	return row;
}

interface HostsFacts {
	readonly instances: readonly InstanceFacts[];
	readonly instanceCount: number;
	readonly requested: Requested;
	readonly acknowledged: ReadonlyMap<string, Acknowledged>;
}

function hostRow(host: StoredHost, now: number, { instances, instanceCount, requested, acknowledged }: HostsFacts): HostRow {
	const isSilent = !isFresh(host.leaseAt, now);
	const isDraining = host.state === "draining";
	const facts: HostFacts = { name: host.id, state: isDraining ? "draining" : "ready", isSilent, instances: instanceCount };
	return {
		name: host.id,
		address: host.address,
		roles: host.roles,
		state: isDraining ? (instanceCount === 0 ? "drained" : "draining") : isSilent ? "silent" : "ready",
		leaseAt: host.leaseAt,
		problem: host.problem,
		memoryBytes: Number(host.memoryBytes),
		cpus: host.cpus,
		requestedMemoryBytes: requested.memoryBytes,
		requestedCpus: requested.cpus,
		desiredRevision: host.desiredRevision,
		reportedRevision: host.reportedRevision,
		converged: host.converged,
		instances,
		instanceCount,
		proxies: host.proxies.map(({ id, roles, alive, leaseAt }) => ({
			id,
			roles,
			alive,
			leaseAt,
			acknowledgedCount: acknowledged.get(id)?.count ?? 0,
			acknowledged: acknowledged.get(id)?.first ?? [],
		})),
		verbs: {
			drain: whyNotDrain(facts),
			undrain: whyNotUndrain(facts),
			remove: whyNotRemove(facts, false),
			forceRemove: whyNotRemove(facts, true),
		},
	};
}
