import { randomUUID } from "node:crypto";
import { ensureSecretKeys } from "@/adapters/secrets/key-file";
import { hashOfBody, isFromSender } from "@/adapters/webhook/inbound";
import { AppError } from "@/domain/errors";
import { systemActor } from "@/domain/roles";
import { receivedIn, remoteIdIn, whyIgnored } from "@/domain/webhook/inbound";
import type { Env } from "@/server/env";
import { takeAttempt } from "@/server/store/attempt";
import { recordAudit } from "@/server/store/audit";
import type { Database } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { findHook, insertReceived, type StoredHook } from "@/server/store/inbound-hook";
import { findRepository } from "@/server/store/repository";
import { enqueueReceived } from "@/server/store/webhook-event";
import { webhookSecrets } from "@/server/store/webhook-secret";

interface ReceiveDeps {
	readonly database: Database;
	readonly env: Pick<Env, "paths">;
}

export interface ReceivedMessage {
	readonly hook: string;
	readonly headers: Headers;
	readonly body: Uint8Array;
}

/** null = it came before, and nothing is done again. */
export type Receipt = { readonly delivery: string | null };

/** Refusals that are written down; a message that is right is never held up by others that are not. */
const refusalsRule = { max: 10, windowMs: 60_000 } as const;

/**
 * Takes a message of a repository elsewhere: its signature is checked before anything else of it is read, it is written
 * down once, and a worker does the rest. Throws `unauthenticated`, the same for a wrong signature and an unknown hook,
 * `too-many` after ten of them in a minute, and `invalid` for one without an id.
 */
export async function receiveMessage(
	{ database, env }: ReceiveDeps,
	{ hook: id, headers, body }: ReceivedMessage,
): Promise<Receipt> {
	const hook = await findHook(database, id);
	const now = await databaseNow(database);
	const keys = await ensureSecretKeys(env.paths.configKey);
	const secrets = hook ? await webhookSecrets(database, keys, `hook/${hook.id}`, "sign", new Date(now)) : [];
	if (!hook || !isFromSender(hook.kind, secrets, headers, body, now)) return refuse(database, hook);
	const remoteId = remoteIdIn(hook.kind, headers);
	if (remoteId === null) throw new AppError("invalid", "The message has no id, so it could not be told from its own repetition.");
	const received = receivedIn(hook.kind, headers, parsed(body));
	const deliveryId = `in_${randomUUID().replaceAll("-", "")}`;
	return database.$transaction(async (tx) => {
		const repository = await findRepository(tx, hook.repository);
		const ignored = whyIgnored(hook.kind, received, repository?.defaultBranch ?? "");
		const row = { id: deliveryId, hookId: hook.id, remoteId, bodyHash: hashOfBody(body), received, ignored, at: new Date(now) };
		if (!(await insertReceived(tx, row))) return { delivery: null };
		if (ignored === null) await enqueueReceived(tx, deliveryId, 1);
		return { delivery: deliveryId };
	});
}

async function refuse(database: Database, hook: StoredHook | null): Promise<never> {
	const isWritten = await takeAttempt(database, `hook/${hook?.id ?? "unknown"}`, refusalsRule);
	if (!isWritten) throw new AppError("too-many", "Too many messages were refused: wait a minute.");
	if (hook) {
		await database.$transaction((tx) =>
			recordAudit(tx, systemActor, {
				action: "hook.refuse",
				subjectKind: "repository",
				subject: hook.repository,
				summary: `A message to the inbound hook of ${hook.repository} was refused: its signature is not right`,
				data: { hook: hook.id, kind: hook.kind },
			}),
		);
	}
	throw new AppError("unauthenticated", "The signature is not right: check the secret on both sides.");
}

/** JSON, or GitHub's form with the JSON in it; what is neither says nothing. */
function parsed(body: Uint8Array): unknown {
	const text = Buffer.from(body).toString("utf8");
	try {
		return JSON.parse(text.startsWith("payload=") ? (new URLSearchParams(text).get("payload") ?? "") : text);
	} catch {
		return null;
	}
}
