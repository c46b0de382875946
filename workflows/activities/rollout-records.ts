import { systemActor } from "@/domain/roles";
import type { Action, HoldAction, StopAction } from "@/domain/rollout/action";
import type { RolloutState } from "@/domain/rollout/model";
import type { RolloutObservation } from "@/domain/rollout/observation";
import { hasDowntime } from "@/domain/rollout/plan";
import { rolloutEndEvent } from "@/domain/webhook/rollout-event";
import { recordAudit } from "@/server/store/audit";
import type { Database, Tx } from "@/server/store/client";
import { requestFollowUp } from "@/server/store/follow-up";
import { holdInstances, stopInstances } from "@/server/store/instance";
import { getRelease } from "@/server/store/release";
import { type RolloutRecord, setRolloutState } from "@/server/store/rollout";
import { appendEvents } from "@/server/store/rollout-event";
import { getServiceEnvironment, setInstances, setStableRelease } from "@/server/store/traffic";
import { tellWebhooks } from "@/server/store/webhook-event";

export type FinishedRollout = Omit<Extract<Action, { kind: "finish" }>, "kind">;

export async function beginRollout(database: Database, rollout: RolloutRecord): Promise<void> {
	if (rollout.state !== "queued" && rollout.state !== "awaiting-approval") return;
	const { plan } = rollout;
	await database.$transaction(async (tx) => {
		if (rollout.state === "queued") await setRolloutState(tx, rollout.id, "running", null);
		const from = plan.from ? `release ${plan.from.number}` : "nothing";
		const downtime = hasDowntime(plan) ? ", by recreate: no instance serves between stop and start" : "";
		const message = `Moving ${plan.service} in ${plan.environment} from ${from} to release ${plan.to.number}${downtime}`;
		await appendEvents(tx, rollout.id, [{ kind: "decision", key: "begin", message, data: { step: "begin" } }]);
	});
}

export async function stop(database: Database, rollout: RolloutRecord, action: StopAction): Promise<void> {
	await database.$transaction(async (tx) => {
		const stopped = await stopInstances(tx, action.instances);
		const message = `Stopping ${stopped.join(", ")}`;
		const event = {
			kind: "step",
			key: `stop/${stopped.join(",")}`,
			message,
			data: { step: "stop", instances: stopped },
		} as const;
		if (stopped.length > 0) await appendEvents(tx, rollout.id, [event]);
	});
}

export async function hold(database: Database, rollout: RolloutRecord, action: HoldAction): Promise<void> {
	const { instances, reason } = action;
	await database.$transaction(async (tx) => {
		await holdInstances(tx, instances);
		const message = `Not stopped, held: ${instances.join(", ")}: ${reason}`;
		await appendEvents(tx, rollout.id, [
			{ kind: "problem", key: `hold/${instances.join(",")}`, message, data: { step: "drain", instances } },
		]);
	});
}

export async function turnBack(database: Database, rollout: RolloutRecord, reason: string): Promise<void> {
	await database.$transaction(async (tx) => {
		await setRolloutState(tx, rollout.id, "rolling-back", reason);
		const target = rollout.plan.from ? `release ${rollout.plan.from.number}` : "nothing, because nothing served before";
		const message = `Going back to ${target}: ${reason}`;
		await appendEvents(tx, rollout.id, [{ kind: "decision", key: "turn-back", message, data: { step: "back", reason } }]);
	});
}

/** A rollout that waits for help says so, and stops saying so by itself. Returns whether the state changed. */
export async function setAlarm(
	database: Database,
	rollout: RolloutRecord,
	observation: RolloutObservation,
	alarm: string | null,
): Promise<boolean> {
	const isBack = observation.state === "rolling-back" || observation.state === "waiting";
	const state: RolloutState = alarm ? "waiting" : "rolling-back";
	if (!isBack || (observation.state === state && (alarm === null || alarm === observation.reason))) return false;
	return database.$transaction(async (tx) => {
		const isChanged = await setRolloutState(tx, rollout.id, state, alarm ?? observation.reason);
		const event = { kind: "problem", key: `alarm/${alarm}`, message: alarm ?? "", data: { step: "back" } } as const;
		if (alarm) await appendEvents(tx, rollout.id, [event]);
		return isChanged;
	});
}

export async function recordProblem(database: Database, rollout: RolloutRecord, problem: string): Promise<void> {
	await database.$transaction((tx) =>
		appendEvents(tx, rollout.id, [{ kind: "problem", key: `problem/${problem}`, message: problem }]),
	);
}

export async function endRollout(database: Database, rollout: RolloutRecord, end: FinishedRollout): Promise<void> {
	const { plan, number } = rollout;
	await database.$transaction(async (tx) => {
		if (!(await setRolloutState(tx, rollout.id, end.state, end.reason))) return;
		if (end.state === "promoted") await keepPromoted(tx, rollout);
		const message = `${sentenceOf(end.state, rollout)}${end.reason ? `: ${end.reason}` : ""}`;
		await appendEvents(tx, rollout.id, [{ kind: "ended", key: "ended", message, data: { state: end.state } }]);
		const subject = `${plan.service}/${plan.environment}/${number}`;
		await recordAudit(tx, systemActor, { action: "rollout.end", subjectKind: "rollout", subject, summary: message });
		await tellWebhooks(tx, rolloutEndEvent(rollout, end.state, end.reason));
	});
}

async function keepPromoted(tx: Tx, { plan, origin, startedBy, authorIds, pipelineId }: RolloutRecord): Promise<void> {
	const { service, environment, kind, to, workload } = plan;
	await setStableRelease(tx, service, environment, to.id);
	if (kind === "scale" || kind === "stop") await setInstances(tx, service, environment, workload.instances);
	if (kind !== "release") return;
	if ((await getServiceEnvironment(tx, service, environment)).instances === 0) await setInstances(tx, service, environment, null);
	if (origin !== "pipeline") return;
	const { manifest } = await getRelease(tx, to.id);
	for (const [next, { after }] of Object.entries(manifest.environments)) {
		if (after !== environment) continue;
		const wish = { service, environment: next, releaseId: to.id, release: to.number, startedBy, pipelineId };
		await requestFollowUp(tx, { ...wish, startedById: authorIds[0] ?? "" });
	}
}

function sentenceOf(state: FinishedRollout["state"], { plan }: RolloutRecord): string {
	const { service, environment, kind, to, from } = plan;
	switch (state) {
		case "promoted":
			if (kind === "stop") return `Stopped: nothing serves ${service} in ${environment} any more`;
			return `Promoted: release ${to.number} serves ${service} in ${environment}`;
		case "rolled-back":
			return `Rolled back: release ${from?.number ?? "?"} serves ${service} in ${environment}`;
		case "failed":
			return `Failed: nothing served ${service} in ${environment} before, and nothing does now`;
		case "rejected":
			return `Rejected: nothing of ${service} in ${environment} was moved`;
	}
}
