import { AppError } from "@/domain/errors";
import { canonicalJson } from "@/domain/rollout/canonical-json";
import { type ServiceTraffic, trafficKey } from "@/domain/traffic/model";
import type { Prisma } from "@/prisma/generated/client";
import { notify, type Tx } from "@/server/store/client";

export interface ServiceEnvironmentRow {
	readonly service: string;
	readonly environment: string;
	readonly virtualAddress: string;
	readonly stableReleaseId: string | null;
	readonly trafficRevision: number;
	/** null = never published. */
	readonly traffic: ServiceTraffic | null;
	readonly rolloutCount: number;
	/** What a person asked for instead of the manifest's count; null = the manifest's. */
	readonly instances: number | null;
}

/** Makes the row with an address of its own if it is not there. The service and the environment must be. */
export async function ensureServiceEnvironment(tx: Tx, service: string, environment: string): Promise<void> {
	const existing = await tx.serviceEnvironment.findUnique({ where: { service_environment: { service, environment } } });
	if (existing) return;
	// One at a time, so that two new services never see the same address free.
	await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('sluice virtual addresses'))`;
	const taken = await tx.serviceEnvironment.findMany({ select: { virtualAddress: true } });
	const virtualAddress = nextAddress(new Set(taken.map((row) => row.virtualAddress)));
	await tx.serviceEnvironment.createMany({ data: [{ service, environment, virtualAddress }], skipDuplicates: true });
}

function nextAddress(taken: ReadonlySet<string>): string {
	for (let third = 0; third <= 255; third += 1) {
		for (let fourth = 1; fourth <= 254; fourth += 1) {
			const address = `10.254.${third}.${fourth}`;
			if (!taken.has(address)) return address;
		}
	}
	throw new AppError("does-not-fit", "All virtual addresses of 10.254.0.0/16 are in use: remove services you no longer need.");
}

/** Locks the identity until the transaction ends: publishes and starts of rollouts follow one after another. Throws `not-found`. */
export async function lockServiceEnvironment(tx: Tx, service: string, environment: string): Promise<ServiceEnvironmentRow> {
	await tx.$executeRaw`select 1 from service_environment where service = ${service} and environment = ${environment} for update`;
	return getServiceEnvironment(tx, service, environment);
}

export async function getServiceEnvironment(tx: Tx, service: string, environment: string): Promise<ServiceEnvironmentRow> {
	const row = await tx.serviceEnvironment.findUnique({ where: { service_environment: { service, environment } } });
	if (!row) throw new AppError("not-found", `${service} was never deployed to ${environment}.`);
	return { ...row, traffic: row.traffic as unknown as ServiceTraffic | null };
}

/**
 * Publishes what `build` makes of the current row, under the row's lock: the revision rises by exactly one with each
 * change, and the same content is no new revision. Returns what is published now and whether it is new.
 */
export async function publishTraffic(
	tx: Tx,
	service: string,
	environment: string,
	build: (row: ServiceEnvironmentRow) => Omit<ServiceTraffic, "revision"> | Promise<Omit<ServiceTraffic, "revision">>,
): Promise<{ traffic: ServiceTraffic; isNew: boolean }> {
	const row = await lockServiceEnvironment(tx, service, environment);
	const content = await build(row);
	if (row.traffic && canonicalJson({ ...content, revision: 0 }) === canonicalJson({ ...row.traffic, revision: 0 })) {
		return { traffic: row.traffic, isNew: false };
	}
	const traffic: ServiceTraffic = { ...content, revision: row.trafficRevision + 1 };
	await tx.serviceEnvironment.update({
		where: { service_environment: { service, environment } },
		data: { trafficRevision: traffic.revision, traffic: traffic as unknown as Prisma.InputJsonValue },
	});
	await notify(tx, "traffic", trafficKey(traffic));
	return { traffic, isNew: true };
}

/** null = the manifest's count again. */
export async function setInstances(tx: Tx, service: string, environment: string, instances: number | null): Promise<void> {
	await tx.serviceEnvironment.update({ where: { service_environment: { service, environment } }, data: { instances } });
}

export async function setStableRelease(tx: Tx, service: string, environment: string, releaseId: string): Promise<void> {
	await tx.serviceEnvironment.update({
		where: { service_environment: { service, environment } },
		data: { stableReleaseId: releaseId },
	});
}
