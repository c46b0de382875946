import { AppError } from "@/domain/errors";
import type { CanaryStep } from "@/domain/manifest/model";
import type { Actor } from "@/domain/roles";
import { type RolloutVerb, whyNotVerb } from "@/domain/rollout/gate";
import { planWithSteps } from "@/domain/rollout/plan";
import { rolloutEvent } from "@/domain/webhook/rollout-event";
import { hashOf, startRolloutIn } from "@/server/services/rollout-start";
import { recordAudit } from "@/server/store/audit";
import { type Database, notify, type Tx } from "@/server/store/client";
import { insertDecision } from "@/server/store/decision";
import {
	getRolloutByNumber,
	lastGoodReleaseId,
	moveStep,
	type RolloutRecord,
	replacePlan,
	setPaused,
	setRequested,
} from "@/server/store/rollout";
import { appendEvents } from "@/server/store/rollout-event";
import { factsOf } from "@/server/store/rollout-facts";
import { lockServiceEnvironment } from "@/server/store/traffic";
import { tellWebhooks } from "@/server/store/webhook-event";

export interface RolloutName {
	readonly service: string;
	readonly environment: string;
	readonly number: number;
}

export interface VerbRequest extends RolloutName {
	/** Kept with the rollout and in the audit; "" = none given. */
	readonly reason: string;
}

type Deps = { readonly database: Database };

/**
 * A person's word on a rollout: judged by the gate under the identity's lock, written with its event and its audit row
 * in one transaction; the workflow is told and reads it. Throws `not-found`, and `not-allowed-now` or `forbidden` with
 * the gate's sentence.
 */
async function say(
	deps: Deps,
	actor: Actor,
	verb: RolloutVerb,
	request: VerbRequest,
	sentence: string,
	write: (tx: Tx, rollout: RolloutRecord) => Promise<void>,
): Promise<void> {
	const { service, environment, number, reason } = request;
	await deps.database.$transaction(async (tx) => {
		await lockServiceEnvironment(tx, service, environment);
		const rollout = await getRolloutByNumber(tx, service, environment, number);
		const refusal = whyNotVerb(verb, await factsOf(tx, rollout), actor);
		if (refusal) throw new AppError("not-allowed-now", refusal);
		await write(tx, rollout);
		const message = `${actor.name} ${sentence}${reason === "" ? "" : `: ${reason}`}`;
		const key = `${verb}/${rollout.intentHash.slice(0, 12)}/${rollout.step}/${actor.id}/${Date.now()}`;
		await appendEvents(tx, rollout.id, [{ kind: "decision", key, actor: actor.name, message, data: { verb, reason } }]);
		const subject = `${service}/${environment}/${number}`;
		await recordAudit(tx, actor, {
			action: `rollout.${verb}`,
			subjectKind: "rollout",
			subject,
			summary: `${message} (rollout ${number} of ${service} in ${environment})`,
			data: { intentHash: rollout.intentHash },
		});
		await notify(tx, "observed", `${service}/${environment}`);
	});
}

export function requestAbort(deps: Deps, actor: Actor, request: VerbRequest): Promise<void> {
	const { reason } = request;
	return say(deps, actor, "abort", request, "asked to abort", (tx, { id }) =>
		setRequested(tx, id, { requested: "abort", reason, by: actor.name }),
	);
}

/** To the next step, or past all of them. */
export function promote(deps: Deps, actor: Actor, request: VerbRequest & { readonly isFull: boolean }): Promise<void> {
	const verb = request.isFull ? "promote-full" : "promote";
	const sentence = request.isFull ? "promoted it past all steps" : "promoted it to the next step";
	return say(deps, actor, verb, request, sentence, async (tx, { id, step, plan }) => {
		const next = request.isFull ? plan.steps.length : step + 1;
		await moveStep(tx, id, step, next, false);
		await setPaused(tx, id, null);
	});
}

export function pause(deps: Deps, actor: Actor, request: VerbRequest): Promise<void> {
	const { reason } = request;
	return say(deps, actor, "pause", request, "paused it", (tx, { id }) => setPaused(tx, id, { by: actor.name, reason }));
}

export function resume(deps: Deps, actor: Actor, request: VerbRequest): Promise<void> {
	return say(deps, actor, "resume", request, "resumed it", (tx, { id }) => setPaused(tx, id, null));
}

/**
 * A word on this very intent: `intentHash` is what the person saw, so a plan that was edited meanwhile is refused
 * (`conflict`).
 */
export function decide(
	deps: Deps,
	actor: Actor,
	request: VerbRequest & { readonly verdict: "approved" | "rejected"; readonly intentHash: string },
): Promise<void> {
	const { verdict, intentHash, reason } = request;
	const verb = verdict === "approved" ? "approve" : "reject";
	const sentence = verdict === "approved" ? "approved the plan" : "rejected the plan";
	return say(deps, actor, verb, request, sentence, async (tx, rollout) => {
		if (rollout.intentHash !== intentHash) {
			throw new AppError(
				"conflict",
				`The plan of rollout ${rollout.number} was edited since you looked at it: look again, then decide.`,
			);
		}
		await insertDecision(tx, rollout.id, { userId: actor.id, userName: actor.name, verdict, reason, intentHash });
		// A rejection ends it, and is told as its end.
		if (verdict === "approved")
			await tellWebhooks(tx, rolloutEvent("dev.sluice.rollout.approved", rollout, { approvedBy: actor.name, reason }));
	});
}

/** Other steps while it awaits approval: who approved before approved something else, and is asked again. Throws `invalid`. */
export function editSteps(
	deps: Deps,
	actor: Actor,
	request: VerbRequest & { readonly steps: readonly CanaryStep[] },
): Promise<void> {
	return say(deps, actor, "edit", request, "edited its steps; approvals given before are void", async (tx, rollout) => {
		const plan = planWithSteps(rollout.plan, request.steps);
		await replacePlan(tx, rollout.id, plan, hashOf(plan));
	});
}

/** The same release once more, as a rollout of its own. */
export async function retry(deps: Deps, actor: Actor, request: VerbRequest): Promise<{ number: number }> {
	let started = { number: 0 };
	await say(deps, actor, "retry", request, "tried it again", async (tx, { plan }) => {
		const { service, environment } = request;
		const instances = plan.kind === "scale" || plan.kind === "stop" ? { instances: plan.workload.instances } : {};
		const wish = { service, environment, releaseId: plan.to.id, kind: plan.kind, origin: "user", ...instances } as const;
		started = await startRolloutIn(tx, actor, { ...wish, isRetry: true });
	});
	return started;
}

/** What served before this one, at once: it was approved and tested when it came. Throws `not-found` when nothing did. */
export async function rollback(deps: Deps, actor: Actor, request: VerbRequest): Promise<{ number: number }> {
	let started = { number: 0 };
	await say(deps, actor, "rollback", request, "rolled it back", async (tx, { plan }) => {
		const { service, environment } = request;
		const releaseId = await lastGoodReleaseId(tx, service, environment, plan.to.id);
		if (!releaseId) {
			throw new AppError(
				"not-found",
				`Nothing served ${service} in ${environment} before release ${plan.to.number}: there is nothing to go back to.`,
			);
		}
		started = await startRolloutIn(tx, actor, { service, environment, releaseId, kind: "rollback", origin: "user" });
	});
	return started;
}
