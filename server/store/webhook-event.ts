import { randomUUID } from "node:crypto";
import type { NewEvent, StoredEvent } from "@/domain/webhook/event";
import type { Prisma } from "@/prisma/generated/client";
import { notify, type Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { enqueue } from "@/server/store/outbox";

/**
 * Tells every webhook that asks for this: the event, a delivery for each and the outbox rows that start them, in the
 * transaction of what happened. Nobody who asks = nothing is written. Nothing here waits for a receiver.
 */
export async function tellWebhooks(tx: Tx, event: NewEvent): Promise<void> {
	const { type, service } = event;
	const ofService: Prisma.WebhookWhereInput[] = service === null ? [] : [{ services: { has: service } }];
	const webhooks = await tx.webhook.findMany({
		where: {
			disabledAt: null,
			AND: [
				{ OR: [{ types: { isEmpty: true } }, { types: { has: type } }] },
				{ OR: [{ services: { isEmpty: true } }, ...ofService] },
			],
		},
		select: { id: true },
	});
	if (webhooks.length > 0)
		await insertEvent(
			tx,
			event,
			webhooks.map(({ id }) => id),
		);
}

/** Returns the deliveries' ids, in the order of the webhooks. */
export async function insertEvent(tx: Tx, event: NewEvent, webhooks: readonly string[]): Promise<readonly string[]> {
	const eventId = randomUUID();
	const at = new Date(await databaseNow(tx));
	const { content, facts, ...row } = event;
	await tx.webhookEvent.create({
		data: { ...row, id: eventId, at, content: content as Prisma.InputJsonObject, facts: facts as Prisma.InputJsonObject },
	});
	const made = webhooks.map((webhookId) => ({ id: `msg_${randomUUID().replaceAll("-", "")}`, webhookId }));
	await tx.webhookDelivery.createMany({
		data: made.map(({ id, webhookId }) => ({ id, webhookId, eventId, type: event.type, createdAt: at, nextAt: at })),
	});
	for (const { id, webhookId } of made) {
		await enqueueDelivery(tx, id, 1);
		await notify(tx, "webhook", webhookId);
	}
	return made.map(({ id }) => id);
}

/** Each round is a workflow of its own. */
export async function enqueueDelivery(tx: Tx, deliveryId: string, round: number): Promise<void> {
	await enqueue(tx, "webhook.deliver", `webhook.deliver/${deliveryId}/${round}`, { deliveryId, round });
}

/** The same for what an inbound hook received. */
export async function enqueueReceived(tx: Tx, deliveryId: string, round: number): Promise<void> {
	await enqueue(tx, "webhook.receive", `webhook.receive/${deliveryId}/${round}`, { deliveryId, round });
}

export function eventOf(row: Prisma.WebhookEventModel): StoredEvent {
	return {
		...row,
		type: row.type as StoredEvent["type"],
		content: row.content as StoredEvent["content"],
		facts: row.facts as StoredEvent["facts"],
	};
}
