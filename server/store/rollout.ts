import { AppError } from "@/domain/errors";
import { endedStates, type RolloutPlan, type RolloutState } from "@/domain/rollout/model";
import type { Prisma } from "@/prisma/generated/client";
import { notify, type Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";

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

/** Did this release ever serve here? Then going back to it restores what it ran with. */
export async function hasServed(tx: Tx, releaseId: string, environment: string): Promise<boolean> {
	return (await tx.rollout.count({ where: { toReleaseId: releaseId, environment, state: "promoted" } })) > 0;
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

function toDomain(row: Prisma.RolloutModel | null, missing: string): RolloutRecord {
	if (!row) throw new AppError("not-found", missing);
	return { ...row, state: row.state as RolloutState, plan: row.plan as unknown as RolloutPlan };
}
