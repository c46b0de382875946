import { AppError } from "@/domain/errors";
import { isEventType } from "@/domain/webhook/event";
import type { HookKind } from "@/domain/webhook/inbound";
import { type DeliveryState, standingOf } from "@/domain/webhook/standing";
import type { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { importedFrom } from "@/server/store/inbound-hook";
import type { InboundHookRow, WebhookDeliveryPage, WebhookDeliveryRow, WebhookRow } from "@/server/views";

export async function readWebhooks(tx: Tx): Promise<WebhookRow[]> {
	return webhookRows(tx, await tx.webhook.findMany({ orderBy: { name: "asc" } }));
}

/** Throws `not-found`. */
export async function readWebhook(tx: Tx, id: string): Promise<WebhookRow> {
	const [row] = await webhookRows(tx, await tx.webhook.findMany({ where: { id } }));
	if (row) return row;
	throw new AppError("not-found", `There is no webhook ${id.slice(0, 100)}: \`sluice webhook list\` shows all.`);
}

async function webhookRows(tx: Tx, rows: readonly Prisma.WebhookModel[]): Promise<WebhookRow[]> {
	const now = await databaseNow(tx);
	const ids = rows.map(({ id }) => id);
	const secrets = await tx.webhookSecret.findMany({
		where: { owner: { in: ids.map((id) => `webhook/${id}`) }, validUntil: { gt: new Date(now) } },
		select: { owner: true, validUntil: true },
	});
	const last = await tx.webhookDelivery.findMany({
		where: { webhookId: { in: ids } },
		orderBy: [{ webhookId: "asc" }, { createdAt: "desc" }],
		distinct: ["webhookId"],
		select: { webhookId: true, state: true, createdAt: true },
	});
	return rows.map(({ types, ...row }) => {
		const newest = last.find(({ webhookId }) => webhookId === row.id);
		return {
			...row,
			types: types.filter(isEventType),
			standing: standingOf(row, now),
			previousSecretUntil: secrets.find(({ owner }) => owner === `webhook/${row.id}`)?.validUntil ?? null,
			last: newest ? { state: newest.state as DeliveryState, at: newest.createdAt } : null,
		};
	});
}

export async function readHooks(tx: Tx, addressOf: (id: string) => string): Promise<InboundHookRow[]> {
	const rows = await tx.inboundHook.findMany({ orderBy: [{ repository: "asc" }, { createdAt: "asc" }] });
	const last = await tx.webhookDelivery.findMany({
		where: { hookId: { in: rows.map(({ id }) => id) } },
		orderBy: [{ hookId: "asc" }, { createdAt: "desc" }],
		distinct: ["hookId"],
		select: { hookId: true, state: true, createdAt: true },
	});
	return rows.map(({ id, repository, kind, address: from, createdBy, createdAt }) => {
		const newest = last.find(({ hookId }) => hookId === id);
		return {
			...{ id, repository, kind: kind as HookKind, from, address: addressOf(id), createdBy, createdAt },
			last: newest ? { state: newest.state as DeliveryState, at: newest.createdAt } : null,
		};
	});
}

/** Repositories that can have an inbound hook, with where they were imported from. */
export async function readImported(tx: Tx): Promise<{ repository: string; from: string }[]> {
	const rows = await tx.repository.findMany({ orderBy: { name: "asc" }, select: { name: true } });
	const found = await Promise.all(rows.map(async ({ name }) => ({ repository: name, from: await importedFrom(tx, name) })));
	return found.flatMap(({ repository, from }) => (from === null ? [] : [{ repository, from }]));
}

export interface DeliveryFilter {
	readonly webhook: string | null;
	readonly hook: string | null;
	/** The delivery that the page before ended with. */
	readonly before: string | null;
	readonly limit: number;
}

/** Newest first; `next` null = there are no more. */
export async function readDeliveries(
	tx: Tx,
	{ webhook, hook, before, limit }: DeliveryFilter,
): Promise<{ rows: WebhookDeliveryRow[]; next: string | null }> {
	const found = await tx.webhookDelivery.findMany({
		where: { ...(webhook === null ? {} : { webhookId: webhook }), ...(hook === null ? {} : { hookId: hook }) },
		orderBy: [{ createdAt: "desc" }, { id: "desc" }],
		include: included,
		take: limit + 1,
		...(before === null ? {} : { cursor: { id: before }, skip: 1 }),
	});
	const rows = found.slice(0, limit).map(deliveryRow);
	return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
}

/** Throws `not-found`. */
export async function readDelivery(
	tx: Tx,
	id: string,
	textOf: (event: Prisma.WebhookEventModel) => string,
): Promise<WebhookDeliveryPage> {
	const row = await tx.webhookDelivery.findUnique({ where: { id }, include: { ...included, event: true } });
	if (!row) {
		const shown = id.slice(0, 100);
		throw new AppError("not-found", `There is no delivery ${shown}: the delivery log has those of the last 30 days.`);
	}
	const attempts = row.attempts.map(({ deliveryId: _, ...attempt }) => attempt);
	return { ...deliveryRow(row), attempts, body: row.event ? textOf(row.event) : null };
}

const included = {
	attempts: { orderBy: { number: "desc" } },
	webhook: { select: { name: true } },
	hook: { select: { repository: true } },
	event: { select: { subject: true } },
} as const satisfies Prisma.WebhookDeliveryInclude;

type ListedDelivery = Prisma.WebhookDeliveryGetPayload<{ include: typeof included }>;

function deliveryRow(row: ListedDelivery): WebhookDeliveryRow {
	const { id, webhookId, hookId, type, reason, nextAt, createdAt, endedAt, attempts, webhook, hook, event } = row;
	const [last] = attempts;
	return {
		...{ id, webhook: webhookId, hook: hookId, type, reason, nextAt, createdAt, endedAt },
		to: webhook?.name ?? hook?.repository ?? "",
		subject: event?.subject ?? null,
		state: row.state as DeliveryState,
		tries: attempts.length,
		lastStatus: last?.status ?? null,
		lastDurationMs: last?.durationMs ?? null,
	};
}
