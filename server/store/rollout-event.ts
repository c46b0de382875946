import type { Prisma } from "@/prisma/generated/client";
import { notify, type Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";

export type RolloutEventKind = "step" | "publish" | "acknowledged" | "instance" | "drain" | "decision" | "problem" | "ended";

export interface NewRolloutEvent {
	readonly kind: RolloutEventKind;
	readonly message: string;
	/** Default: sluice. */
	readonly actor?: string;
	readonly data?: Readonly<Record<string, unknown>>;
	/** Names what it tells: a second event with the same key is not written, so a repeated activity tells nothing twice. */
	readonly key: string;
}

/** Appends events under the rollout's row lock: numbers are dense, and a reader who saw number n has seen all before it. */
export async function appendEvents(tx: Tx, rolloutId: string, events: readonly NewRolloutEvent[]): Promise<void> {
	if (events.length === 0) return;
	await tx.$executeRaw`select 1 from rollout where id = ${rolloutId} for update`;
	const known = await tx.$queryRaw<{ key: string }[]>`
		select data->>'key' as key from rollout_event where "rolloutId" = ${rolloutId} and data->>'key' = any(${events.map((event) => event.key)})`;
	const told = new Set(known.map((row) => row.key));
	const fresh = events.filter((event) => !told.has(event.key));
	if (fresh.length === 0) return;
	const { eventSequence } = await tx.rollout.update({
		where: { id: rolloutId },
		data: { eventSequence: { increment: fresh.length } },
		select: { eventSequence: true },
	});
	const at = new Date(await databaseNow(tx));
	await tx.rolloutEvent.createMany({
		data: fresh.map((event, index) => ({
			rolloutId,
			sequence: eventSequence - fresh.length + index + 1,
			at,
			kind: event.kind,
			actor: event.actor ?? "sluice",
			message: event.message,
			data: { ...event.data, key: event.key } as Prisma.InputJsonValue,
		})),
	});
	await notify(tx, "rollout", rolloutId);
}
