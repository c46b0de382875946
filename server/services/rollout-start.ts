import { createHash, randomUUID } from "node:crypto";
import { listen } from "@/adapters/postgres/listen";
import { AppError } from "@/domain/errors";
import { frozenSentence, isKeptOut, whyFrozen, whyNotOverride } from "@/domain/freeze/gate";
import type { ActiveFreeze } from "@/domain/freeze/window";
import { rolloutWorkflowId } from "@/domain/names";
import type { Actor } from "@/domain/roles";
import type { RolloutKind, RolloutPlan } from "@/domain/rollout/model";
import { intentHash, makePlan, type PlannedRelease } from "@/domain/rollout/plan";
import { rolloutEvent } from "@/domain/webhook/rollout-event";
import { withConfiguration } from "@/server/services/configured-release";
import { recordAudit } from "@/server/store/audit";
import { channels, type Database, notify, type Tx } from "@/server/store/client";
import { requestFollowUp } from "@/server/store/follow-up";
import { freezeAtStart } from "@/server/store/freeze";
import { enqueue } from "@/server/store/outbox";
import { getRelease, newestReleaseNumber, releaseAuthorIds } from "@/server/store/release";
import {
	awaitingRollout,
	countServing,
	findPipelineRollout,
	insertRollout,
	movingRollout,
	type RolloutRecord,
} from "@/server/store/rollout";
import { appendEvents } from "@/server/store/rollout-event";
import { ensureServiceEnvironment, lockServiceEnvironment } from "@/server/store/traffic";
import { tellWebhooks } from "@/server/store/webhook-event";

export interface RolloutRequest {
	readonly service: string;
	readonly environment: string;
	readonly releaseId: string;
	readonly origin: "user" | "pipeline";
	readonly pipelineId?: string;
	/** Default: release. */
	readonly kind?: RolloutKind;
	/** How many instead of what is declared. */
	readonly instances?: number;
	/** What was let in before: a freeze keeps no second try out. */
	readonly isRetry?: boolean;
	/** Why a freeze is gone over; an administrator's word. */
	readonly overrideFreeze?: string | undefined;
}

/**
 * Plans a rollout and starts it: the rollout, its audit row and its outbox row in one transaction; a worker does the
 * rest. Throws `conflict` when another runs here, `not-allowed-now` when the release serves already or the environment is
 * frozen, `forbidden` for an override by another than an administrator, `not-found`, and `invalid` when the release has no
 * such environment.
 */
export async function startRollout(
	deps: { readonly database: Database },
	actor: Actor,
	request: RolloutRequest,
): Promise<{ number: number }> {
	return deps.database.$transaction((tx) => startRolloutIn(tx, actor, request));
}

/** The same within a transaction of the caller's. */
export async function startRolloutIn(tx: Tx, actor: Actor, request: RolloutRequest): Promise<{ number: number }> {
	const { service, environment } = request;
	const { plan, number } = await prepare(tx, actor, request);
	const running = await movingRollout(tx, service, environment);
	if (running) throw new AppError("conflict", conflictSentence(running));
	if (plan.kind === "release") await refuseSecondQuestion(tx, plan);
	await refuseNothing(tx, plan);
	const freeze = await refuseFrozen(tx, actor, request, plan);
	return record(tx, actor, request, plan, number, freeze);
}

/** By Postgres' clock, in the transaction that records the start. Returns the freeze that an administrator goes over; null = none. */
async function refuseFrozen(tx: Tx, actor: Actor, request: RolloutRequest, plan: RolloutPlan): Promise<ActiveFreeze | null> {
	if (!isKeptOut(plan.kind) || request.isRetry) return null;
	const freeze = await freezeAtStart(tx, plan.service, plan.environment);
	if (!freeze) return null;
	if (request.overrideFreeze === undefined) {
		throw new AppError("not-allowed-now", whyFrozen(freeze), {
			details: { freeze: freeze.id, until: freeze.until.toISOString() },
		});
	}
	const refusal = whyNotOverride(actor);
	if (refusal) throw new AppError("forbidden", refusal);
	return freeze;
}

/** People are asked about one release at a time; what is no new release may go on meanwhile. */
async function refuseSecondQuestion(tx: Tx, { service, environment }: RolloutPlan): Promise<void> {
	const awaiting = await awaitingRollout(tx, service, environment);
	if (!awaiting) return;
	const asked = `rollout ${awaiting.number} of release ${awaiting.plan.to.number} by ${awaiting.startedBy}`;
	throw new AppError("conflict", `${service} in ${environment} has ${asked} awaiting approval: abort it, or wait.`);
}

/** A release that serves already, or a count that is there already, is no rollout. */
async function refuseNothing(tx: Tx, plan: RolloutPlan): Promise<void> {
	const { service, environment, kind } = plan;
	if (plan.from?.id !== plan.to.id || kind === "restart" || kind === "repair") return;
	const serving = await countServing(tx, service, environment, plan.to.number);
	if (serving !== plan.workload.instances) return;
	throw new AppError(
		"not-allowed-now",
		`Release ${plan.to.number} of ${service} serves in ${environment} already, with all ${serving} instances: there is nothing to ${kind === "scale" || kind === "stop" ? kind : "roll out"}.`,
	);
}

export type PipelineRollout =
	| { readonly outcome: "started"; readonly number: number }
	/** A newer release goes instead; the rollout is recorded as superseded. */
	| { readonly outcome: "superseded"; readonly number: number; readonly by: number }
	/** The release serves here already. */
	| { readonly outcome: "unchanged"; readonly number: null }
	/** It begins by itself when the freeze is over, unless a newer release does. */
	| { readonly outcome: "frozen"; readonly number: null; readonly release: number; readonly sentence: string };

/** Asked again though nothing was told: a notice may be lost. */
const askAgainMs = 2_000;

/**
 * A pipeline's start waits while another rollout runs here. The newest release wins: when its turn comes and a newer
 * release exists, it is recorded `superseded` and never begins. A freeze may last for days, which no pipeline should hold a
 * builder's place for: the start is left to server/services/follow-up.ts. Safe to repeat with the same pipelineId.
 */
export async function startPipelineRollout(
	deps: { readonly database: Database; readonly env: { readonly databaseUrl: string } },
	actor: Actor,
	request: RolloutRequest & { readonly pipelineId: string },
	signal: AbortSignal,
	onWait: (sentence: string) => void = () => {},
): Promise<PipelineRollout> {
	let wake = (): void => {};
	const listener = await listen(deps.env.databaseUrl, [channels.rollout], () => wake());
	let told = "";
	try {
		for (;;) {
			signal.throwIfAborted();
			const changed = new Promise<void>((resolve) => {
				wake = resolve;
				setTimeout(resolve, askAgainMs);
				signal.addEventListener("abort", () => resolve(), { once: true });
			});
			const outcome = await tryPipelineStart(deps.database, actor, request);
			if (typeof outcome !== "string") return outcome;
			if (outcome !== told) onWait(outcome);
			told = outcome;
			await changed;
		}
	} finally {
		await listener.close();
	}
}

/** What happened, or the sentence of what it waits for. */
function tryPipelineStart(
	database: Database,
	actor: Actor,
	request: RolloutRequest & { readonly pipelineId: string },
): Promise<PipelineRollout | string> {
	const { service, environment, pipelineId } = request;
	return database.$transaction(async (tx) => {
		const { plan, number } = await prepare(tx, actor, request);
		const own = await findPipelineRollout(tx, pipelineId, service, environment);
		const newest = await newestReleaseNumber(tx, service);
		if (own) {
			return own.state === "superseded"
				? { outcome: "superseded", number: own.number, by: newest }
				: { outcome: "started", number: own.number };
		}
		const running = (await movingRollout(tx, service, environment)) ?? (await awaitingRollout(tx, service, environment));
		if (newest > plan.to.number && (running || (plan.from?.number ?? 0) > plan.to.number)) {
			await recordSuperseded(tx, actor, request, plan, number, newest);
			return { outcome: "superseded", number, by: newest };
		}
		if (running) return `waits for rollout ${running.number} of ${service} in ${environment} by ${running.startedBy}`;
		const serving = await countServing(tx, service, environment, plan.to.number);
		if (plan.from?.id === plan.to.id && serving === plan.workload.instances) return { outcome: "unchanged", number: null };
		const freeze = await freezeAtStart(tx, service, environment);
		if (freeze) {
			const { name, id } = actor;
			const who = { startedBy: name, startedById: actor.kind === "system" ? "" : id };
			await requestFollowUp(tx, {
				service,
				environment,
				releaseId: request.releaseId,
				release: plan.to.number,
				...who,
				pipelineId,
			});
			return { outcome: "frozen", number: null, release: plan.to.number, sentence: frozenSentence(freeze) };
		}
		await record(tx, actor, request, plan, number);
		return { outcome: "started", number };
	});
}

/** Locks the identity, so that of two starts the second sees the first. */
async function prepare(tx: Tx, actor: Actor, request: RolloutRequest): Promise<{ plan: RolloutPlan; number: number }> {
	const { service, environment, releaseId } = request;
	const asked = await getRelease(tx, releaseId);
	if (asked.manifest.service !== service) {
		throw new AppError(
			"invalid",
			`Release ${asked.number} is of ${asked.manifest.service}, not of ${service}: name one of its own releases.`,
		);
	}
	await ensureServiceEnvironment(tx, service, environment);
	const row = await lockServiceEnvironment(tx, service, environment);
	const kind = request.kind ?? "release";
	// Only a new release takes new configuration; anything else keeps what it runs with.
	const to = kind === "release" ? await withConfiguration(tx, actor, asked, environment) : asked;
	const from: PlannedRelease | null = row.stableReleaseId ? await getRelease(tx, row.stableReleaseId) : null;
	// A service that was stopped starts with its next release, with as many as that says.
	const kept = row.instances === 0 && (kind === "release" || kind === "rollback") ? null : row.instances;
	const instances = { from: row.instances, to: request.instances ?? kept };
	const plan = makePlan({ kind, service, environment, from, to, instances, startRevision: row.trafficRevision });
	return { plan, number: row.rolloutCount + 1 };
}

async function record(
	tx: Tx,
	actor: Actor,
	request: RolloutRequest,
	plan: RolloutPlan,
	number: number,
	overridden: ActiveFreeze | null = null,
): Promise<{ number: number }> {
	const { service, environment } = plan;
	const id = randomUUID();
	await insertRollout(tx, await rowOf(tx, id, actor, request, plan, number));
	const subject = `${service}/${environment}/${number}`;
	const over = overridden ? `went over the freeze "${overridden.reason}": ${request.overrideFreeze ?? ""}` : null;
	const summary = `${actor.name} started rollout ${number}: ${purposeOf(plan)}${over === null ? "" : `, and ${over}`}`;
	if (overridden) {
		const message = `${actor.name} ${over}`;
		const data = { verb: "override-freeze", freeze: overridden.id };
		await appendEvents(tx, id, [{ kind: "decision", key: "override-freeze", actor: actor.name, message, data }]);
	}
	await recordAudit(tx, actor, {
		action: "rollout.start",
		subjectKind: "rollout",
		subject,
		summary,
		data: { digest: plan.to.digest, kind: plan.kind, ...(overridden ? { overrides: overridden.id } : {}) },
	});
	const told = { number, plan, startedBy: actor.name };
	await tellWebhooks(tx, rolloutEvent("dev.sluice.rollout.started", told));
	if (plan.approval) await tellWebhooks(tx, rolloutEvent("dev.sluice.rollout.awaiting-approval", told));
	const workflowId = rolloutWorkflowId(service, environment, number);
	await enqueue(tx, "rollout.start", workflowId, { workflowId, rolloutId: id });
	await notify(tx, "rollout", id);
	return { number };
}

async function recordSuperseded(
	tx: Tx,
	actor: Actor,
	request: RolloutRequest,
	plan: RolloutPlan,
	number: number,
	newest: number,
): Promise<void> {
	const id = randomUUID();
	const reason = `Release ${newest} is newer and goes instead`;
	await insertRollout(tx, { ...(await rowOf(tx, id, actor, request, plan, number)), state: "superseded", reason });
	await appendEvents(tx, id, [{ kind: "ended", key: "ended", message: `Superseded: ${reason}`, data: { state: "superseded" } }]);
	const subject = `${plan.service}/${plan.environment}/${number}`;
	await recordAudit(tx, actor, { action: "rollout.end", subjectKind: "rollout", subject, summary: reason });
}

async function rowOf(tx: Tx, id: string, actor: Actor, request: RolloutRequest, plan: RolloutPlan, number: number) {
	const pipelineId = request.pipelineId ?? null;
	const authors = new Set([actor.kind === "system" ? "" : actor.id, ...(await releaseAuthorIds(tx, plan.to.id))]);
	const authorIds = [...authors].filter((author) => author !== "");
	return { id, number, plan, intentHash: hashOf(plan), origin: request.origin, startedBy: actor.name, authorIds, pipelineId };
}

/** The intent hash of a plan, in hex. */
export function hashOf(plan: RolloutPlan): string {
	return intentHash(plan, (text) => createHash("sha256").update(text).digest("hex"));
}

function purposeOf({ kind, service, environment, to, workload }: RolloutPlan): string {
	switch (kind) {
		case "release":
			return `release ${to.number} of ${service} to ${environment}`;
		case "rollback":
			return `back to release ${to.number} of ${service} in ${environment}`;
		case "scale":
			return `${service} in ${environment} to ${workload.instances} instances`;
		case "restart":
			return `new instances of ${service} in ${environment}`;
		case "stop":
			return `${service} in ${environment} is stopped`;
		case "repair":
			return `instances of ${service} in ${environment} go to other hosts`;
	}
}

function conflictSentence(running: RolloutRecord): string {
	return `${running.service} in ${running.environment} already has rollout ${running.number} by ${running.startedBy}; abort it or wait.`;
}
