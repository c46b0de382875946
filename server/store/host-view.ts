import { AppError } from "@/domain/errors";
import { type HostFacts, whyNotDrain, whyNotRemove, whyNotUndrain } from "@/domain/host/gate";
import type { DesiredInstance } from "@/domain/host/model";
import type { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { type InstanceFacts, isFresh, readInstances } from "@/server/store/instance-view";
import type { HostRow } from "@/server/views";

type StoredHost = Prisma.HostGetPayload<{ include: { proxies: true } }>;

export async function readHosts(tx: Tx, id?: string): Promise<HostRow[]> {
	const hosts = await tx.host.findMany({
		where: { state: { not: "removed" }, ...(id === undefined ? {} : { id }) },
		orderBy: { id: "asc" },
		include: { proxies: { orderBy: { id: "asc" } } },
	});
	const instances = await readInstances(tx, { hostId: { in: hosts.map((host) => host.id) }, phase: { not: "gone" } });
	const desired = await tx.instance.findMany({ where: { desired: true }, select: { hostId: true, spec: true } });
	const acks = await tx.proxyAck.findMany();
	const published = await tx.serviceEnvironment.findMany({
		where: { trafficRevision: { gt: 0 } },
		select: { service: true, environment: true, trafficRevision: true },
		orderBy: [{ service: "asc" }, { environment: "asc" }],
	});
	const now = await databaseNow(tx);
	return hosts.map((host) =>
		hostRow(
			host,
			now,
			instances.filter((instance) => instance.host === host.id),
			desired.filter((row) => row.hostId === host.id).map((row) => row.spec as unknown as DesiredInstance),
			(proxy) =>
				published.flatMap(({ service, environment, trafficRevision }) => {
					const ack = acks.find((one) => one.proxyId === proxy && one.service === service && one.environment === environment);
					if (!ack) return [];
					return [
						{
							service,
							environment,
							revision: ack.revision,
							published: trafficRevision,
							verdict: ack.verdict,
							message: ack.message,
						},
					];
				}),
		),
	);
}

/** Throws `not-found`. */
export async function readHost(tx: Tx, id: string): Promise<HostRow> {
	const [row] = await readHosts(tx, id);
	if (!row) throw new AppError("not-found", `There is no host ${id}.`);
	return row;
}

type Acknowledged = HostRow["proxies"][number]["acknowledged"];

function hostRow(
	host: StoredHost,
	now: number,
	instances: readonly InstanceFacts[],
	desired: readonly DesiredInstance[],
	acknowledgedBy: (proxy: string) => Acknowledged,
): HostRow {
	const isSilent = !isFresh(host.leaseAt, now);
	const isDraining = host.state === "draining";
	const facts: HostFacts = { name: host.id, state: isDraining ? "draining" : "ready", isSilent, instances: instances.length };
	return {
		name: host.id,
		address: host.address,
		roles: host.roles,
		state: isDraining ? (instances.length === 0 ? "drained" : "draining") : isSilent ? "silent" : "ready",
		leaseAt: host.leaseAt,
		problem: host.problem,
		memoryBytes: Number(host.memoryBytes),
		cpus: host.cpus,
		requestedMemoryBytes: desired.reduce((sum, one) => sum + one.limits.memoryBytes, 0),
		requestedCpus: desired.reduce((sum, one) => sum + one.limits.cpus, 0),
		desiredRevision: host.desiredRevision,
		reportedRevision: host.reportedRevision,
		converged: host.converged,
		instances,
		proxies: host.proxies.map(({ id, roles, alive, leaseAt }) => ({
			id,
			roles,
			alive,
			leaseAt,
			acknowledged: acknowledgedBy(id),
		})),
		verbs: {
			drain: whyNotDrain(facts),
			undrain: whyNotUndrain(facts),
			remove: whyNotRemove(facts, false),
			forceRemove: whyNotRemove(facts, true),
		},
	};
}
