import { AppError } from "@/domain/errors";
import type { InstanceState } from "@/domain/host/model";
import { endedStates, type InstancePhase, type RolloutPlan, type RolloutState } from "@/domain/rollout/model";
import {
	leaseMs,
	type ObservedEndpoint,
	type ObservedInstance,
	type ObservedProxy,
	type RolloutObservation,
} from "@/domain/rollout/observation";
import { Prisma } from "@/prisma/generated/client";
import { type Database, notify, type Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { getServiceEnvironment } from "@/server/store/traffic";

export interface RolloutRecord {
	readonly id: string;
	readonly service: string;
	readonly environment: string;
	readonly number: number;
	readonly state: RolloutState;
	readonly plan: RolloutPlan;
	readonly reason: string | null;
	readonly requested: string | null;
	readonly requestedReason: string | null;
	readonly requestedBy: string | null;
	readonly startedBy: string;
	readonly pipelineId: string | null;
}

export interface NewRollout {
	readonly id: string;
	readonly number: number;
	readonly plan: RolloutPlan;
	readonly intentHash: string;
	readonly origin: "user" | "pipeline";
	readonly startedBy: string;
	readonly pipelineId: string | null;
	/** Default queued. */
	readonly state?: RolloutState;
	readonly reason?: string | null;
}

export async function insertRollout(tx: Tx, rollout: NewRollout): Promise<void> {
	const { plan, ...row } = rollout;
	const now = new Date(await databaseNow(tx));
	await tx.serviceEnvironment.update({
		where: { service_environment: { service: plan.service, environment: plan.environment } },
		data: { rolloutCount: rollout.number },
	});
	await tx.rollout.create({
		data: {
			...row,
			service: plan.service,
			environment: plan.environment,
			strategy: plan.workload.strategy.kind,
			fromReleaseId: plan.from?.id ?? null,
			toReleaseId: plan.to.id,
			plan: plan as unknown as Prisma.InputJsonValue,
			createdAt: now,
			endedAt: rollout.state && endedStates.includes(rollout.state) ? now : null,
		},
	});
}

/** Throws `not-found`. */
export async function getRollout(tx: Tx, id: string): Promise<RolloutRecord> {
	return toDomain(await tx.rollout.findUnique({ where: { id } }), `There is no rollout with the id ${id}.`);
}

/** Throws `not-found`. */
export async function getRolloutByNumber(tx: Tx, service: string, environment: string, number: number): Promise<RolloutRecord> {
	const row = await tx.rollout.findUnique({ where: { service_environment_number: { service, environment, number } } });
	return toDomain(row, `There is no rollout ${number} of ${service} in ${environment}.`);
}

/** The one that has not ended, or null. */
export async function unfinishedRollout(tx: Tx, service: string, environment: string): Promise<RolloutRecord | null> {
	const row = await tx.rollout.findFirst({ where: { service, environment, state: { notIn: [...endedStates] } } });
	return row && toDomain(row, "");
}

/** The one a pipeline started here, or null. */
export async function findPipelineRollout(
	tx: Tx,
	pipelineId: string,
	service: string,
	environment: string,
): Promise<RolloutRecord | null> {
	const row = await tx.rollout.findFirst({ where: { pipelineId, service, environment } });
	return row && toDomain(row, "");
}

export async function countServing(tx: Tx, service: string, environment: string, release: number): Promise<number> {
	return tx.instance.count({ where: { service, environment, release, phase: "serving", observed: "running" } });
}

export async function setRequested(
	tx: Tx,
	id: string,
	{ requested, reason, by }: { requested: "abort"; reason: string; by: string },
): Promise<void> {
	await tx.rollout.update({ where: { id }, data: { requested, requestedReason: reason, requestedBy: by } });
	await notify(tx, "rollout", id);
}

/** Sets the state and its reason, with the times that go with it. An ended rollout stays as it ended. Returns whether it changed. */
export async function setRolloutState(tx: Tx, id: string, state: RolloutState, reason: string | null): Promise<boolean> {
	const now = new Date(await databaseNow(tx));
	const { count } = await tx.rollout.updateMany({
		where: { id, state: { notIn: [...endedStates] }, NOT: { state, reason } },
		data: { state, reason, ...(endedStates.includes(state) ? { endedAt: now } : {}) },
	});
	await tx.rollout.updateMany({ where: { id, startedAt: null, state: { not: "queued" } }, data: { startedAt: now } });
	if (count > 0) await notify(tx, "rollout", id);
	return count > 0;
}

/** Everything a rollout decides by, of one moment. */
export async function observeRollout(
	database: Database,
	rollout: Pick<RolloutRecord, "id" | "service" | "environment">,
): Promise<RolloutObservation> {
	return database.$transaction(
		async (tx) => {
			const { id, service, environment } = rollout;
			const now = await databaseNow(tx);
			const row = await getRollout(tx, id);
			const made = await tx.instance.count({ where: { rolloutId: id } });
			return {
				now,
				state: row.state,
				reason: row.reason,
				abort:
					row.requested === "abort"
						? { by: row.requestedBy ?? "someone", reason: row.requestedReason ?? "no reason given" }
						: null,
				made,
				...(await observeIdentity(tx, service, environment, now)),
			};
		},
		{ isolationLevel: Prisma.TransactionIsolationLevel.RepeatableRead },
	);
}

/** What holds of a service and environment with or without a rollout. */
export async function observeIdentity(
	tx: Tx,
	service: string,
	environment: string,
	now: number,
): Promise<Pick<RolloutObservation, "instances" | "traffic" | "proxies">> {
	const identity = await getServiceEnvironment(tx, service, environment);
	const instances = await tx.instance.findMany({
		where: { service, environment, phase: { not: "gone" } },
		include: { host: { select: { leaseAt: true, state: true, desiredRevision: true, reportedRevision: true } } },
		orderBy: { id: "asc" },
	});
	const endpoints = await tx.proxyEndpoint.findMany({ where: { instanceId: { in: instances.map((instance) => instance.id) } } });
	const proxies = await tx.proxy.findMany({ where: { host: { state: { not: "removed" } } }, orderBy: { id: "asc" } });
	const acks = await tx.proxyAck.findMany({ where: { service, environment } });
	const isFresh = (leaseAt: Date | null) => leaseAt !== null && now - leaseAt.getTime() < leaseMs;
	return {
		instances: instances.map(
			(row): ObservedInstance => ({
				id: row.id,
				release: row.release,
				phase: row.phase as InstancePhase,
				observed: row.observed as InstanceState | null,
				message: row.message,
				host: row.hostId,
				isHostSilent: row.host.state === "removed" || !isFresh(row.host.leaseAt),
				// The relay clears `observed` of what a host no longer names; only a report that knew of the removal counts.
				isGone:
					!row.desired &&
					(row.host.state === "removed" || (row.observed === null && row.host.reportedRevision >= row.host.desiredRevision)),
				createdAt: row.createdAt.getTime(),
				drainingAt: row.drainingAt?.getTime() ?? null,
				endpoints: endpoints
					.filter((endpoint) => endpoint.instanceId === row.id)
					.map((endpoint) => ({
						proxy: endpoint.proxyId,
						health: endpoint.health as ObservedEndpoint["health"],
						draining: endpoint.draining,
						active: endpoint.active,
						quietSamples: endpoint.quietSamples,
					})),
			}),
		),
		traffic: { revision: identity.trafficRevision, releases: identity.traffic?.releases ?? [] },
		proxies: proxies.map((row): ObservedProxy => {
			const ack = acks.find((one) => one.proxyId === row.id);
			return {
				id: row.id,
				lease: row.declaredLostAt ? "lost" : isFresh(row.leaseAt) ? "answering" : "silent",
				leaseAt: row.leaseAt?.getTime() ?? null,
				ack: ack ? { revision: ack.revision, verdict: ack.verdict === "nack" ? "nack" : "ack", message: ack.message } : null,
			};
		}),
	};
}

function toDomain(row: Prisma.RolloutModel | null, missing: string): RolloutRecord {
	if (!row) throw new AppError("not-found", missing);
	return { ...row, state: row.state as RolloutState, plan: row.plan as unknown as RolloutPlan };
}
