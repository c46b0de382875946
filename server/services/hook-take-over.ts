import { z } from "zod";
import { repositoryPath } from "@/adapters/git/bare";
import { takeOverBranch } from "@/adapters/git/fetch-remote";
import { readImportSettings } from "@/adapters/git/import-settings";
import { ensureSecretKeys } from "@/adapters/secrets/key-file";
import { AppError } from "@/domain/errors";
import { pusherEmail } from "@/domain/pipeline/pusher";
import { hasRole } from "@/domain/roles";
import type { Received } from "@/domain/webhook/inbound";
import { nextFetchDelayMs } from "@/domain/webhook/schedule";
import type { Env } from "@/server/env";
import { type PushDeps, recordPushes } from "@/server/services/push";
import { isDue } from "@/server/services/webhook-delivery";
import type { Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { getHook, type StoredHook } from "@/server/store/inbound-hook";
import { findRepository } from "@/server/store/repository";
import { findUser, findUserByEmail, type StoredUser } from "@/server/store/user";
import { findDelivery, insertAttempt, lockDelivery, setDelivery } from "@/server/store/webhook-delivery";
import { webhookSecrets } from "@/server/store/webhook-secret";

export interface TakeOverDeps extends PushDeps {
	readonly env: Pick<Env, "paths" | "portalUrl" | "home" | "installation">;
}

/** Each holds a git of its own for minutes. */
const mostFetches = 3;
let fetches = 0;

/**
 * One try to take over what was pushed elsewhere; from there it goes on as a push does. Returns in how many milliseconds
 * the next try comes, or null: done, given up, or not this round's any more. Throws only when Sluice itself is in trouble.
 */
export async function takeOver(deps: TakeOverDeps, deliveryId: string, round: number): Promise<number | null> {
	const { database } = deps;
	const delivery = await findDelivery(database, deliveryId);
	if (!delivery?.hookId || !isDue(delivery, round)) return null;
	if (fetches >= mostFetches) throw new AppError("too-many", `${mostFetches} repositories are being fetched.`);
	const hook = await getHook(database, delivery.hookId);
	const at = new Date(await databaseNow(database));
	const began = performance.now();
	fetches += 1;
	const outcome = await tryTakeOver(deps, hook, delivery.received, at).finally(() => {
		fetches -= 1;
	});
	const durationMs = Math.round(performance.now() - began);
	return database.$transaction(async (tx) => {
		const now = await lockDelivery(tx, deliveryId);
		// Removed meanwhile, with its hook.
		if (!now) return null;
		await insertAttempt(tx, deliveryId, { at, durationMs, status: null, answer: outcome.said ?? "", problem: outcome.problem });
		return isDue(now, round) ? judge(tx, deliveryId, now.failed, outcome) : null;
	});
}

interface Outcome {
	/** What it led to; null = it failed. */
	readonly said: string | null;
	readonly problem: string | null;
	readonly isWorthAnotherTry: boolean;
}

async function judge(tx: Tx, id: string, failedBefore: number, outcome: Outcome): Promise<number | null> {
	const now = await databaseNow(tx);
	const ended = { nextAt: null, endedAt: new Date(now) };
	if (outcome.problem === null) {
		await setDelivery(tx, id, { ...ended, state: "delivered", failed: failedBefore, reason: outcome.said });
		return null;
	}
	const failed = failedBefore + 1;
	const reason = outcome.problem;
	const delayMs = outcome.isWorthAnotherTry ? nextFetchDelayMs(failed) : null;
	if (delayMs === null) await setDelivery(tx, id, { ...ended, state: "given-up", failed, reason });
	else await setDelivery(tx, id, { state: "waiting", failed, reason, nextAt: new Date(now + delayMs), endedAt: null });
	return delayMs;
}

async function tryTakeOver(deps: TakeOverDeps, hook: StoredHook, received: Received | null, now: Date): Promise<Outcome> {
	try {
		return { said: await takeOverFrom(deps, hook, received, now), problem: null, isWorthAnotherTry: false };
	} catch (error) {
		if (!(error instanceof AppError) || error.code === "internal") throw error;
		return { said: null, problem: error.message, isWorthAnotherTry: error.isRetryable };
	}
}

async function takeOverFrom(deps: TakeOverDeps, hook: StoredHook, received: Received | null, now: Date): Promise<string> {
	const { database, env } = deps;
	const { repository, address } = hook;
	const found = await findRepository(database, repository);
	if (!found) throw new AppError("not-found", `There is no repository ${repository} any more.`);
	const { name, id } = await changeOf(deps, hook, received);
	const pusher = { name, email: pusherEmail({ kind: "user", id }) };
	const keys = await ensureSecretKeys(env.paths.configKey);
	const [credentials] = await webhookSecrets(database, keys, `hook/${hook.id}`, "fetch", now);
	const remote = { address, credentials: credentials === undefined ? null : credentialsIn(credentials), pusher };
	const branch = found.defaultBranch;
	const path = repositoryPath(env.paths.repositories, repository);
	const { from, to } = await takeOverBranch(path, branch, remote, readImportSettings(env.home));
	// Also when nothing is new: a try that was cut off may have moved the branch.
	const pushes = await recordPushes(deps, repository);
	const pipeline = pushes.find((push) => push.branch === branch);
	if (pipeline) return `${branch} is at ${to.slice(0, 7)} now: pipeline ${pipeline.number} runs.`;
	return from === to ? `${branch} was at ${to.slice(0, 7)} already.` : `${branch} is at ${to.slice(0, 7)} now.`;
}

function credentialsIn(text: string): { username: string; password: string } {
	return z.object({ username: z.string(), password: z.string() }).parse(JSON.parse(text));
}

/**
 * Whose change it is, so that nobody approves their own: the account here with the pusher's address, else who made the
 * hook. Neither may have lost the right to push. The message is signed, but its address is only what the sender says:
 * it takes the right to approve, and never gives any.
 */
async function changeOf(
	{ database }: TakeOverDeps,
	{ createdById, createdBy, repository }: StoredHook,
	received: Received | null,
): Promise<StoredUser> {
	const maker = await findUser(database, createdById);
	if (!maker || maker.isDisabled || !hasRole(maker, "developer")) {
		throw new AppError("forbidden", `${createdBy}, who made this hook, may not push to ${repository} any more: make a new hook.`);
	}
	const known = received?.email ? await findUserByEmail(database, received.email) : null;
	return known ?? maker;
}
