import { ensureSecretKeys } from "@/adapters/secrets/key-file";
import { type Sent, send } from "@/adapters/webhook/send";
import { readWebhookSettings } from "@/adapters/webhook/settings";
import { signedHeaders } from "@/adapters/webhook/standard";
import { systemActor } from "@/domain/roles";
import { cloudEventsMediaType, cloudEventText, type StoredEvent } from "@/domain/webhook/event";
import { mostAttempts, nextDelayMs } from "@/domain/webhook/schedule";
import type { Env } from "@/server/env";
import { recordAudit } from "@/server/store/audit";
import type { Database, Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { getWebhook, holdWebhook, lockWebhook, type StoredWebhook, setDisabled, setFailing } from "@/server/store/webhook";
import { findDelivery, insertAttempt, lockDelivery, type StoredDelivery, setDelivery } from "@/server/store/webhook-delivery";
import { webhookSecrets } from "@/server/store/webhook-secret";

export interface DeliveryDeps {
	readonly database: Database;
	readonly env: Pick<Env, "home" | "paths" | "portalUrl" | "installation">;
}

/**
 * One try to hand an event over. Returns in how many milliseconds the next one comes, or null: it was taken, given up, or
 * is not this round's any more. Throws only when Sluice itself is in trouble; then nothing was counted.
 */
export async function deliverOnce(deps: DeliveryDeps, deliveryId: string, round: number): Promise<number | null> {
	const { database } = deps;
	const delivery = await findDelivery(database, deliveryId);
	if (!delivery?.webhookId || !delivery.event || !isDue(delivery, round)) return null;
	const webhook = await getWebhook(database, delivery.webhookId);
	if (webhook.disabledAt !== null) {
		await database.$transaction((tx) => giveUp(tx, deliveryId, round, whyDisabled(webhook)));
		return null;
	}
	const at = new Date(await databaseNow(database));
	const sent = await sendSigned(deps, webhook, deliveryId, delivery.event, at);
	return database.$transaction(async (tx) => {
		// Removed meanwhile, with its deliveries.
		if (!(await holdWebhook(tx, webhook.id))) return null;
		const now = await lockDelivery(tx, deliveryId);
		if (!now) return null;
		const { durationMs, status, answer, problem } = sent;
		await insertAttempt(tx, deliveryId, { at, durationMs, status, answer, problem });
		return isDue(now, round) ? judge(tx, now, webhook.id, sent) : null;
	});
}

export function isDue(delivery: StoredDelivery, round: number): boolean {
	return delivery.round === round && delivery.state === "waiting";
}

async function sendSigned(
	{ database, env }: DeliveryDeps,
	webhook: StoredWebhook,
	id: string,
	event: StoredEvent,
	at: Date,
): Promise<Sent> {
	const keys = await ensureSecretKeys(env.paths.configKey);
	const secrets = await webhookSecrets(database, keys, `webhook/${webhook.id}`, "sign", at);
	const body = cloudEventText(event, { installation: env.installation.id, portalUrl: env.portalUrl });
	const signed = signedHeaders(secrets, { id, timestamp: Math.floor(at.getTime() / 1_000), body });
	const headers = { ...signed, "content-type": cloudEventsMediaType };
	return send(webhook.address, { headers, body }, readWebhookSettings(env.home));
}

async function judge(tx: Tx, delivery: StoredDelivery, webhookId: string, sent: Sent): Promise<number | null> {
	const now = await databaseNow(tx);
	const ended = { failed: delivery.failed, reason: null, nextAt: null, endedAt: new Date(now) };
	if (sent.status !== null && sent.status >= 200 && sent.status < 300) {
		await setDelivery(tx, delivery.id, { ...ended, state: "delivered" });
		await setFailing(tx, webhookId, false, new Date(now));
		return null;
	}
	const failed = delivery.failed + 1;
	await setFailing(tx, webhookId, true, new Date(now));
	if (sent.status === 410) {
		const reason = "The receiver answered 410 Gone: it wants no more, so the webhook is disabled.";
		await setDelivery(tx, delivery.id, { ...ended, failed, state: "given-up", reason });
		await disableGone(tx, webhookId, reason, new Date(now));
		return null;
	}
	const delayMs = nextDelayMs(failed, Math.random(), sent.retryAfterMs);
	if (delayMs === null) {
		const reason = `Given up after ${mostAttempts} tries within a day: ${said(sent)}`;
		await setDelivery(tx, delivery.id, { ...ended, failed, state: "given-up", reason });
		return null;
	}
	const nextAt = new Date(now + delayMs);
	await setDelivery(tx, delivery.id, { state: "waiting", failed, reason: said(sent), nextAt, endedAt: null });
	return delayMs;
}

function said({ status, problem }: Sent): string {
	if (problem !== null) return problem;
	const isRedirect = status !== null && status >= 300 && status < 400;
	return isRedirect ? `It leads on to another address (${status}), which is not followed.` : `The receiver answered ${status}.`;
}

async function disableGone(tx: Tx, id: string, reason: string, now: Date): Promise<void> {
	const { name, disabledAt } = await lockWebhook(tx, id);
	if (disabledAt !== null) return;
	await setDisabled(tx, id, reason, now);
	const summary = `The webhook ${name} is disabled: its receiver answered 410 Gone`;
	await recordAudit(tx, systemActor, { action: "webhook.disable", subjectKind: "webhook", subject: name, summary });
}

async function giveUp(tx: Tx, deliveryId: string, round: number, reason: string): Promise<void> {
	const delivery = await lockDelivery(tx, deliveryId);
	if (!delivery || !isDue(delivery, round)) return;
	const endedAt = new Date(await databaseNow(tx));
	await setDelivery(tx, deliveryId, { state: "given-up", failed: delivery.failed, reason, nextAt: null, endedAt });
}

function whyDisabled({ disabledReason }: StoredWebhook): string {
	return `Not sent, as the webhook is disabled. ${disabledReason ?? ""}`.trim();
}
