import { AppError } from "@/domain/errors";
import { notify, type Tx } from "@/server/store/client";

export interface StoredWebhook {
	readonly id: string;
	readonly name: string;
	readonly address: string;
	readonly types: readonly string[];
	readonly services: readonly string[];
	readonly disabledAt: Date | null;
	readonly disabledReason: string | null;
	readonly failingSince: Date | null;
	readonly createdBy: string;
	readonly createdAt: Date;
}

type NewWebhook = Omit<StoredWebhook, "disabledAt" | "disabledReason" | "failingSince">;

/** False = the name is taken. */
export async function insertWebhook(tx: Tx, { types, services, ...row }: NewWebhook): Promise<boolean> {
	const data = [{ ...row, types: [...types], services: [...services] }];
	const { count } = await tx.webhook.createMany({ data, skipDuplicates: true });
	await notify(tx, "webhook", row.id);
	return count === 1;
}

/** Throws `not-found`. */
export async function getWebhook(tx: Tx, id: string): Promise<StoredWebhook> {
	const row = await tx.webhook.findUnique({ where: { id } });
	if (row) return row;
	throw new AppError("not-found", `There is no webhook ${id.slice(0, 100)}: \`sluice webhook list\` shows all.`);
}

/** Under its row lock, so that of two changes the second sees the first. Throws `not-found`. */
export async function lockWebhook(tx: Tx, id: string): Promise<StoredWebhook> {
	await holdWebhook(tx, id);
	return getWebhook(tx, id);
}

/** The lock alone, before any of its deliveries'; false = it was removed. Whoever tells it of an event waits for none of this. */
export async function holdWebhook(tx: Tx, id: string): Promise<boolean> {
	return (await tx.$queryRaw<unknown[]>`select 1 from webhook where id = ${id} for no key update`).length > 0;
}

/** `reason` null = it is told of events again. */
export async function setDisabled(tx: Tx, id: string, reason: string | null, now: Date): Promise<void> {
	const off = { disabledAt: now, disabledReason: reason };
	const on = { disabledAt: null, disabledReason: null, failingSince: null };
	await tx.webhook.update({ where: { id }, data: reason === null ? on : off });
	await notify(tx, "webhook", id);
}

/** Since when its receiver takes nothing: the first failure counts, and one that was taken ends it. */
export async function setFailing(tx: Tx, id: string, isFailing: boolean, now: Date): Promise<void> {
	if (isFailing) await tx.webhook.updateMany({ where: { id, failingSince: null }, data: { failingSince: now } });
	else await tx.webhook.updateMany({ where: { id, failingSince: { not: null } }, data: { failingSince: null } });
}

/** With its deliveries. */
export async function removeWebhook(tx: Tx, id: string): Promise<void> {
	await tx.webhook.delete({ where: { id } });
	await notify(tx, "webhook", id);
}
