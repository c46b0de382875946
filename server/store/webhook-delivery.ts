import type { StoredEvent } from "@/domain/webhook/event";
import type { Received } from "@/domain/webhook/inbound";
import type { DeliveryState } from "@/domain/webhook/standing";
import { notify, type Tx } from "@/server/store/client";
import { eventOf } from "@/server/store/webhook-event";

export interface StoredDelivery {
	readonly id: string;
	readonly webhookId: string | null;
	readonly hookId: string | null;
	readonly type: string;
	readonly state: DeliveryState;
	readonly round: number;
	/** Failed attempts of this round. */
	readonly failed: number;
	readonly event: StoredEvent | null;
	readonly received: Received | null;
}

/** null = it was removed, with its webhook. */
export async function findDelivery(tx: Tx, id: string): Promise<StoredDelivery | null> {
	const row = await tx.webhookDelivery.findUnique({ where: { id }, include: { event: true } });
	if (!row) return null;
	const { webhookId, hookId, type, round, failed, event } = row;
	const state = row.state as DeliveryState;
	const received = row.received as Received | null;
	return { id, webhookId, hookId, type, state, round, failed, event: event && eventOf(event), received };
}

/** The same under its row lock. */
export async function lockDelivery(tx: Tx, id: string): Promise<StoredDelivery | null> {
	await tx.$executeRaw`select 1 from webhook_delivery where id = ${id} for update`;
	return findDelivery(tx, id);
}

export interface NewAttempt {
	readonly at: Date;
	readonly durationMs: number;
	readonly status: number | null;
	readonly answer: string;
	readonly problem: string | null;
}

/** The caller has locked the delivery. */
export async function insertAttempt(tx: Tx, deliveryId: string, attempt: NewAttempt): Promise<void> {
	const last = await tx.webhookAttempt.aggregate({ where: { deliveryId }, _max: { number: true } });
	await tx.webhookAttempt.create({ data: { deliveryId, number: (last._max.number ?? 0) + 1, ...attempt } });
}

export interface DeliveryChange {
	readonly state: DeliveryState;
	readonly failed: number;
	readonly reason: string | null;
	/** When the next attempt comes; null = none does. */
	readonly nextAt: Date | null;
	readonly endedAt: Date | null;
}

export async function setDelivery(tx: Tx, id: string, change: DeliveryChange): Promise<void> {
	await tx.webhookDelivery.update({ where: { id }, data: change });
	await notify(tx, "webhook", id);
}

/** Once more from the beginning; what is still under way of the round before does nothing any more. */
export async function beginRound(tx: Tx, id: string, now: Date): Promise<number> {
	const data = { state: "waiting", failed: 0, reason: null, nextAt: now, endedAt: null, round: { increment: 1 } };
	const { round } = await tx.webhookDelivery.update({ where: { id }, data, select: { round: true } });
	await notify(tx, "webhook", id);
	return round;
}

export async function removeOldDeliveries(tx: Tx, before: Date): Promise<void> {
	await tx.webhookDelivery.deleteMany({ where: { endedAt: { lt: before } } });
	await tx.webhookEvent.deleteMany({ where: { deliveries: { none: {} } } });
	await tx.webhookSecret.deleteMany({ where: { validUntil: { lt: before } } });
}
