import type { Prisma } from "@/prisma/generated/client";
import { type Database, notify, type Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";

export const outboxKinds = [
	"rollout.start",
	"pipeline.start",
	"pipeline.cancel",
	"scaffold.start",
	"scaffold.cancel",
	"webhook.deliver",
	"webhook.receive",
] as const;
export type OutboxKind = (typeof outboxKinds)[number];

export interface OutboxMessage {
	readonly id: bigint;
	readonly kind: OutboxKind;
	readonly key: string;
	readonly payload: Readonly<Record<string, unknown>>;
	readonly attempts: number;
}

/** In the transaction of the change it follows from. A key is delivered once, so writing it twice is writing it once. */
export async function enqueue(tx: Tx, kind: OutboxKind, key: string, payload: Readonly<Record<string, unknown>>): Promise<void> {
	await tx.outbox.createMany({ data: [{ kind, key, payload: payload as Prisma.InputJsonValue }], skipDuplicates: true });
	await notify(tx, "outbox", kind);
}

/** So many failures in one go mean that the receiver is away: the rest waits for the next go. */
const failuresPerGo = 3;

/**
 * Delivers what waits, least tried first, then oldest; each row in a transaction of its own that skips rows another
 * worker holds. What fails stays, with the error, behind the others. Returns how many were delivered.
 */
export async function drainOutbox(
	database: Database,
	deliver: (message: OutboxMessage) => Promise<void>,
	onProblem: (message: OutboxMessage, error: unknown) => void,
): Promise<number> {
	let delivered = 0;
	const failed: bigint[] = [];
	while (failed.length < failuresPerGo) {
		const outcome = await database.$transaction((tx) => deliverNext(tx, failed, deliver, onProblem), { timeout: 30_000 });
		if (!outcome) break;
		if (outcome.isDelivered) delivered += 1;
		else failed.push(outcome.id);
	}
	return delivered;
}

async function deliverNext(
	tx: Tx,
	failed: readonly bigint[],
	deliver: (message: OutboxMessage) => Promise<void>,
	onProblem: (message: OutboxMessage, error: unknown) => void,
): Promise<{ id: bigint; isDelivered: boolean } | null> {
	const rows = await tx.$queryRaw<OutboxMessage[]>`
		select id, kind, key, payload, attempts from outbox where "doneAt" is null and id <> all(${[...failed]}::bigint[])
		order by attempts, id limit 1 for update skip locked`;
	const message = rows[0];
	if (!message) return null;
	try {
		await deliver(message);
	} catch (error) {
		onProblem(message, error);
		const lastError = error instanceof Error ? error.message : String(error);
		await tx.outbox.update({ where: { id: message.id }, data: { attempts: { increment: 1 }, lastError } });
		return { id: message.id, isDelivered: false };
	}
	await tx.outbox.update({
		where: { id: message.id },
		data: { doneAt: new Date(await databaseNow(tx)), attempts: { increment: 1 }, lastError: null },
	});
	return { id: message.id, isDelivered: true };
}
