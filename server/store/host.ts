import type { DesiredDocument } from "@/domain/host/model";
import { leaseMs } from "@/domain/rollout/observation";
import type { ServiceTraffic, Snapshot } from "@/domain/traffic/model";
import { type Host, Prisma } from "@/prisma/generated/client";
import { notify, type Tx } from "@/server/store/client";
import { pulledAhead } from "@/server/store/image-pull";
import type { HostRole } from "@/server/store/join-token";

export type HostRecord = Host;

/** Does any host answer now, by Postgres' clock? */
export async function isSomeHostHeard(tx: Tx): Promise<boolean> {
	const [row] = await tx.$queryRaw<{ heard: boolean }[]>`
		select exists (select from host where state <> 'removed'
			and "leaseAt" > clock_timestamp() at time zone 'utc' - ${leaseMs} * interval '1 millisecond') as heard`;
	return row?.heard ?? false;
}

/** All hosts that are not removed, by name. */
export async function listHosts(tx: Tx): Promise<HostRecord[]> {
	return tx.host.findMany({ where: { state: { not: "removed" } }, orderBy: { id: "asc" } });
}

/** Creates the host, or gives a host that joins again its new certificate: every older one is worthless from then on. */
export async function admitHost(
	tx: Tx,
	host: {
		id: string;
		address: string;
		roles: readonly HostRole[];
		capacity: { memoryBytes: number; cpus: number };
		certificateSerial: string;
	},
	now = new Date(),
): Promise<void> {
	const facts = {
		address: host.address,
		roles: [...host.roles],
		memoryBytes: BigInt(Math.floor(host.capacity.memoryBytes)),
		cpus: host.capacity.cpus,
		certificateSerial: host.certificateSerial,
		renewedSerial: null,
		joinedAt: now,
	};
	await tx.host.upsert({ where: { id: host.id }, create: { id: host.id, ...facts }, update: facts });
	// One that is drained stays so: only a person takes that back.
	await tx.host.updateMany({ where: { id: host.id, state: "removed" }, data: { state: "ready" } });
	await notify(tx, "host", host.id);
}

/**
 * Is this the host's certificate? A renewed one is handed out beside the one in use, and its first use retires the
 * older: a lost answer locks nobody out, and a stolen old key is good for nothing after the renewal arrived.
 */
export async function acceptsCertificate(tx: Tx, host: string, serial: string): Promise<boolean> {
	const row = await tx.host.findUnique({
		where: { id: host },
		select: { state: true, certificateSerial: true, renewedSerial: true },
	});
	if (!row || row.state === "removed") return false;
	if (row.certificateSerial === serial) return true;
	if (row.renewedSerial !== serial) return false;
	const { count } = await tx.host.updateMany({
		where: { id: host, renewedSerial: serial, state: { not: "removed" } },
		data: { certificateSerial: serial, renewedSerial: null },
	});
	// Two first uses at once: the other one retired the old certificate, and ours is the new one all the same.
	return count === 1 || (await tx.host.count({ where: { id: host, certificateSerial: serial } })) === 1;
}

/** False when `current` is not the certificate in use any more. */
export async function offerRenewedCertificate(tx: Tx, host: string, current: string, renewed: string): Promise<boolean> {
	const { count } = await tx.host.updateMany({
		where: { id: host, certificateSerial: current, state: { not: "removed" } },
		data: { renewedSerial: renewed },
	});
	return count === 1;
}

/** One statement, so revision and instances are of the same moment. Null when there is no such host. */
export async function desiredDocument(tx: Tx, installation: string, host: string): Promise<DesiredDocument | null> {
	const [row] = await tx.$queryRaw<Omit<DesiredDocument, "installation" | "host">[]>`
		select h."desiredRevision" as revision,
			coalesce((select jsonb_agg(i.spec order by i.id) from instance i where i."hostId" = h.id and i.desired), '[]') as instances,
			coalesce((select jsonb_agg(v.id order by v.id) from volume v
				where v."hostId" = h.id and v."removedAt" is not null and v."goneAt" is null), '[]') as "removedVolumes",
			${pulledAhead} as images
		from host h where h.id = ${host} and h.state <> 'removed'`;
	return row ? { installation, host, ...row } : null;
}

/** What hosts are told without asking: whose desired document has which revision, and the traffic's tag. */
export async function hintsFor(
	tx: Tx,
	hosts: readonly string[],
): Promise<{ traffic: string; hosts: Map<string, { desiredRevision: number; serials: (string | null)[] }> }> {
	const [row] = await tx.$queryRaw<{ traffic: string; hosts: [string, number, string | null, string | null][] }[]>`
		select ${trafficTagSql} as traffic,
			coalesce((select jsonb_agg(jsonb_build_array(id, "desiredRevision", "certificateSerial", "renewedSerial"))
				from host where id = any(${[...hosts]}) and state <> 'removed'), '[]') as hosts`;
	if (!row) throw new Error("a select without from has one row");
	const known = row.hosts.map(([id, desiredRevision, ...serials]) => [id, { desiredRevision, serials }] as const);
	return { traffic: row.traffic, hosts: new Map(known) };
}

/** Changes whenever a service's traffic is published. */
export async function trafficTag(tx: Tx): Promise<string> {
	const [row] = await tx.$queryRaw<{ tag: string }[]>`select ${trafficTagSql} as tag`;
	return row?.tag ?? "";
}

/** All published traffic, with the tag of the same moment. */
export async function snapshot(tx: Tx, installation: string): Promise<{ tag: string; snapshot: Snapshot }> {
	const [row] = await tx.$queryRaw<{ tag: string; services: ServiceTraffic[] }[]>`
		select ${trafficTagSql} as tag,
			coalesce((select jsonb_agg(traffic order by service, environment)
				from service_environment where traffic is not null), '[]') as services`;
	return { tag: row?.tag ?? "", snapshot: { installation, services: row?.services ?? [] } };
}

const trafficTagSql = Prisma.sql`(select md5(coalesce(string_agg(service || '/' || environment || '@' || "trafficRevision", ','
	order by service, environment), '')) from service_environment where traffic is not null)`;
