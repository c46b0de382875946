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
	readonly origin: "user" | "pipeline";
	readonly plan: RolloutPlan;
	readonly reason: string | null;
	readonly requested: string | null;
	readonly requestedReason: string | null;
	readonly requestedBy: string | null;
	readonly startedBy: string;
	/** Of the people whose change it is. */
	readonly authorIds: readonly string[];
	readonly pipelineId: string | null;
	readonly intentHash: string;
	readonly step: number;
	readonly stepAt: Date | null;
	readonly weightAt: Date | null;
	readonly pausedAt: Date | null;
	readonly pausedBy: string | null;
	readonly createdAt: Date;
}

export interface NewRollout {
	readonly id: string;
	readonly number: number;
	readonly plan: RolloutPlan;
	readonly intentHash: string;
	readonly origin: "user" | "pipeline";
	readonly startedBy: string;
	readonly authorIds: readonly string[];
	readonly pipelineId: string | null;
	/** Default: awaiting-approval where the plan asks for one, else queued. */
	readonly state?: RolloutState;
	readonly reason?: string | null;
}

export async function insertRollout(tx: Tx, rollout: NewRollout): Promise<void> {
	const { plan, authorIds, ...row } = rollout;
	const now = new Date(await databaseNow(tx));
	await tx.serviceEnvironment.update({
		where: { service_environment: { service: plan.service, environment: plan.environment } },
		data: { rolloutCount: rollout.number },
	});
	await tx.rollout.create({
		data: {
			...row,
			state: rollout.state ?? (plan.approval ? "awaiting-approval" : "queued"),
			service: plan.service,
			environment: plan.environment,
			authorIds: [...authorIds],
			kind: plan.kind,
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

/** The one that moves something here, or null. One that awaits approval moves nothing. */
export async function movingRollout(tx: Tx, service: string, environment: string): Promise<RolloutRecord | null> {
	const still = [...endedStates, "awaiting-approval"];
	const row = await tx.rollout.findFirst({ where: { service, environment, state: { notIn: still } } });
	return row && toDomain(row, "");
}

export async function awaitingRollout(tx: Tx, service: string, environment: string): Promise<RolloutRecord | null> {
	const row = await tx.rollout.findFirst({ where: { service, environment, state: "awaiting-approval" } });
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

/** Holds it where it is, or (null) lets it go on. */
export async function setPaused(
	tx: Tx,
	id: string,
	paused: { readonly by: string; readonly reason: string } | null,
): Promise<void> {
	const pausedAt = paused ? new Date(await databaseNow(tx)) : null;
	await tx.rollout.update({
		where: { id },
		data: { pausedAt, pausedBy: paused?.by ?? null, pausedReason: paused?.reason ?? null },
	});
	await notify(tx, "rollout", id);
}

/** From step `from` to step `to`, once: false = it is not in `from` (any more). `isWeight` = the weight that `from` set is in force now. */
export async function moveStep(tx: Tx, id: string, from: number, to: number, isWeight: boolean): Promise<boolean> {
	const now = new Date(await databaseNow(tx));
	const { count } = await tx.rollout.updateMany({
		where: { id, step: from, state: "running" },
		data: { step: to, stepAt: now, ...(isWeight ? { weightAt: now } : {}) },
	});
	if (count > 0) await notify(tx, "rollout", id);
	return count > 0;
}

/** Another plan while nothing has moved: what was approved before was another intent. */
export async function replacePlan(tx: Tx, id: string, plan: RolloutPlan, intentHash: string): Promise<void> {
	await tx.rollout.update({ where: { id }, data: { plan: plan as unknown as Prisma.InputJsonValue, intentHash } });
	await notify(tx, "rollout", id);
}

/** The newest that was to bring a release here; null = none. */
export async function newestReleaseRollout(tx: Tx, service: string, environment: string): Promise<RolloutRecord | null> {
	const row = await tx.rollout.findFirst({ where: { service, environment, kind: "release" }, orderBy: { number: "desc" } });
	return row && toDomain(row, "");
}

/** What the present release came in place of when it was released here; null = nothing did. */
export async function lastGoodReleaseId(tx: Tx, service: string, environment: string, present: string): Promise<string | null> {
	const row = await tx.rollout.findFirst({
		where: { service, environment, state: "promoted", kind: "release", toReleaseId: present, fromReleaseId: { not: present } },
		orderBy: { number: "desc" },
	});
	return row?.fromReleaseId ?? null;
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
	return recordOf(row);
}

export function recordOf(row: Prisma.RolloutModel): RolloutRecord {
	return {
		...row,
		state: row.state as RolloutState,
		origin: row.origin as RolloutRecord["origin"],
		plan: row.plan as unknown as RolloutPlan,
	};
}
