import { AppError } from "@/domain/errors";
import type { HookKind, Received } from "@/domain/webhook/inbound";
import type { Prisma } from "@/prisma/generated/client";
import { notify, type Tx } from "@/server/store/client";

export interface StoredHook {
	readonly id: string;
	readonly repository: string;
	readonly kind: HookKind;
	readonly address: string;
	readonly createdBy: string;
	readonly createdById: string;
	readonly createdAt: Date;
}

export async function insertHook(tx: Tx, hook: StoredHook): Promise<void> {
	await tx.inboundHook.create({ data: hook });
	await notify(tx, "webhook", hook.id);
}

export async function findHook(tx: Tx, id: string): Promise<StoredHook | null> {
	const row = await tx.inboundHook.findUnique({ where: { id } });
	return row && { ...row, kind: row.kind as HookKind };
}

/** Throws `not-found`. */
export async function getHook(tx: Tx, id: string): Promise<StoredHook> {
	const hook = await findHook(tx, id);
	if (hook) return hook;
	throw new AppError("not-found", `There is no inbound hook ${id.slice(0, 100)}: \`sluice hook list\` shows all.`);
}

/** With what it received. */
export async function removeHook(tx: Tx, id: string): Promise<void> {
	await tx.inboundHook.delete({ where: { id } });
	await notify(tx, "webhook", id);
}

/** Where a repository was imported from; null = it was not. */
export async function importedFrom(tx: Tx, repository: string): Promise<string | null> {
	const where = { action: "import.fetch", subjectKind: "repository", subject: repository };
	const row = await tx.auditRow.findFirst({ where, orderBy: { id: "desc" }, select: { data: true } });
	const address = (row?.data as { address?: unknown } | undefined)?.address;
	return typeof address === "string" ? address : null;
}

export interface NewReceived {
	readonly id: string;
	readonly hookId: string;
	readonly remoteId: string;
	readonly bodyHash: string;
	readonly received: Received;
	/** null = something is to be done. */
	readonly ignored: string | null;
	readonly at: Date;
}

/** False = this message, or one with this very body, came before. */
export async function insertReceived(tx: Tx, { ignored, at, received, ...row }: NewReceived): Promise<boolean> {
	const ended = ignored === null ? { nextAt: at } : { state: "ignored", reason: ignored, endedAt: at };
	const data = { ...row, ...ended, type: received.event, received: { ...received } as Prisma.InputJsonObject, createdAt: at };
	const { count } = await tx.webhookDelivery.createMany({ data: [data], skipDuplicates: true });
	if (count === 1) await notify(tx, "webhook", row.hookId);
	return count === 1;
}
