import { randomUUID } from "node:crypto";
import { allowedAddresses, networksOf } from "@/adapters/git/public-network";
import { ensureSecretKeys } from "@/adapters/secrets/key-file";
import { webhookRule } from "@/adapters/webhook/send";
import { readWebhookSettings } from "@/adapters/webhook/settings";
import { newSecret } from "@/adapters/webhook/standard";
import { AppError } from "@/domain/errors";
import type { Actor } from "@/domain/roles";
import { parseWebhookAddress } from "@/domain/webhook/address";
import { testEvent } from "@/domain/webhook/catalog-event";
import { rotationMs } from "@/domain/webhook/standing";
import type { Env } from "@/server/env";
import { recordAudit } from "@/server/store/audit";
import type { Database, Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { getWebhook, insertWebhook, lockWebhook, removeWebhook, setDisabled } from "@/server/store/webhook";
import { beginRound, lockDelivery } from "@/server/store/webhook-delivery";
import { enqueueDelivery, enqueueReceived, insertEvent } from "@/server/store/webhook-event";
import { insertWebhookSecret, removeWebhookSecrets, retireWebhookSecrets } from "@/server/store/webhook-secret";

export interface WebhookDeps {
	readonly database: Database;
	readonly env: Pick<Env, "home" | "paths">;
}

export interface WebhookWish {
	readonly name: string;
	readonly address: string;
	/** Empty = all. */
	readonly types: readonly string[];
	/** Empty = all. */
	readonly services: readonly string[];
}

/**
 * Somewhere to tell events to; the secret is shown now and never again. Throws `invalid` for an address that may not be
 * sent to, and `conflict` when the name is taken.
 */
export async function createWebhook(
	{ database, env }: WebhookDeps,
	actor: Actor,
	wish: WebhookWish,
): Promise<{ id: string; secret: string }> {
	const { url, host } = parseWebhookAddress(wish.address);
	// Asked again at each sending; here, so that it is said at once.
	await allowedAddresses(host, networksOf(readWebhookSettings(env.home).networks), undefined, webhookRule);
	const keys = await ensureSecretKeys(env.paths.configKey);
	const id = randomUUID();
	const secret = newSecret();
	await database.$transaction(async (tx) => {
		const createdAt = new Date(await databaseNow(tx));
		if (!(await insertWebhook(tx, { ...wish, id, address: url.href, createdBy: actor.name, createdAt })))
			throw new AppError("conflict", `There is a webhook "${wish.name}" already: choose another name.`);
		await insertWebhookSecret(tx, keys, { owner: `webhook/${id}`, use: "sign", text: secret }, createdAt);
		// Only the host: the rest of an address may be a secret of the receiver's.
		const summary = `${actor.name} made the webhook ${wish.name}, which tells ${host}`;
		const data = { host, types: [...wish.types], services: [...wish.services] };
		await audit(tx, actor, "webhook.create", wish.name, summary, data);
	});
	return { id, secret };
}

/** A new secret; for a day everything is signed with both, so a receiver can change over. */
export async function rotateWebhook(
	{ database, env }: WebhookDeps,
	actor: Actor,
	id: string,
): Promise<{ secret: string; previousValidUntil: Date }> {
	const keys = await ensureSecretKeys(env.paths.configKey);
	const secret = newSecret();
	return database.$transaction(async (tx) => {
		const { name } = await lockWebhook(tx, id);
		const now = await databaseNow(tx);
		const previousValidUntil = new Date(now + rotationMs);
		await retireWebhookSecrets(tx, `webhook/${id}`, previousValidUntil);
		await insertWebhookSecret(tx, keys, { owner: `webhook/${id}`, use: "sign", text: secret }, new Date(now));
		await audit(tx, actor, "webhook.rotate", name, `${actor.name} made a new secret for the webhook ${name}`);
		return { secret, previousValidUntil };
	});
}

/** An event that says nothing but that it arrives. Returns the delivery's id. */
export async function testWebhook({ database }: Pick<WebhookDeps, "database">, actor: Actor, id: string): Promise<string> {
	return database.$transaction(async (tx) => {
		const { name, disabledAt } = await lockWebhook(tx, id);
		if (disabledAt !== null) throw new AppError("not-allowed-now", `The webhook ${name} is disabled: enable it first.`);
		const [delivery = ""] = await insertEvent(tx, testEvent(name, actor.name), [id]);
		await audit(tx, actor, "webhook.test", name, `${actor.name} sent a test event to the webhook ${name}`);
		return delivery;
	});
}

export async function disableWebhook({ database }: Pick<WebhookDeps, "database">, actor: Actor, id: string): Promise<void> {
	await database.$transaction(async (tx) => {
		const { name, disabledAt } = await lockWebhook(tx, id);
		if (disabledAt !== null) throw new AppError("not-allowed-now", `The webhook ${name} is disabled already.`);
		await setDisabled(tx, id, `${actor.name} disabled it.`, new Date(await databaseNow(tx)));
		await audit(tx, actor, "webhook.disable", name, `${actor.name} disabled the webhook ${name}`);
	});
}

export async function enableWebhook({ database }: Pick<WebhookDeps, "database">, actor: Actor, id: string): Promise<void> {
	await database.$transaction(async (tx) => {
		const { name, disabledAt } = await lockWebhook(tx, id);
		if (disabledAt === null) throw new AppError("not-allowed-now", `The webhook ${name} is enabled already.`);
		await setDisabled(tx, id, null, new Date(await databaseNow(tx)));
		await audit(tx, actor, "webhook.enable", name, `${actor.name} enabled the webhook ${name}`);
	});
}

/** With its secrets and its delivery log. What is under way for it ends at its next try. */
export async function removeWebhookForGood({ database }: Pick<WebhookDeps, "database">, actor: Actor, id: string): Promise<void> {
	await database.$transaction(async (tx) => {
		const { name } = await lockWebhook(tx, id);
		await removeWebhookSecrets(tx, `webhook/${id}`);
		await removeWebhook(tx, id);
		await audit(tx, actor, "webhook.remove", name, `${actor.name} removed the webhook ${name}`);
	});
}

/** The same message under the same id, as a new round of tries; of a received one, the fetch once more. Throws `not-found`. */
export async function redeliver({ database }: Pick<WebhookDeps, "database">, actor: Actor, deliveryId: string): Promise<void> {
	await database.$transaction(async (tx) => {
		const delivery = await lockDelivery(tx, deliveryId);
		if (!delivery) {
			const shown = deliveryId.slice(0, 100);
			throw new AppError("not-found", `There is no delivery ${shown}: the delivery log has those of the last 30 days.`);
		}
		if (delivery.state === "ignored")
			throw new AppError("not-allowed-now", `There was nothing to do for ${deliveryId}, and there is nothing to do again.`);
		const webhook = delivery.webhookId === null ? null : await getWebhook(tx, delivery.webhookId);
		if (webhook && webhook.disabledAt !== null)
			throw new AppError("not-allowed-now", `The webhook ${webhook.name} is disabled: enable it first.`);
		const round = await beginRound(tx, deliveryId, new Date(await databaseNow(tx)));
		if (webhook) await enqueueDelivery(tx, deliveryId, round);
		else await enqueueReceived(tx, deliveryId, round);
		const summary = `${actor.name} had the delivery ${deliveryId} tried again`;
		await recordAudit(tx, actor, { action: "webhook.redeliver", subjectKind: "delivery", subject: deliveryId, summary });
	});
}

function audit(
	tx: Tx,
	actor: Actor,
	action: string,
	subject: string,
	summary: string,
	data: Readonly<Record<string, string | readonly string[]>> = {},
): Promise<void> {
	return recordAudit(tx, actor, { action, subjectKind: "webhook", subject, summary, data });
}
