import type { Actor } from "@/domain/roles";
import { type AuditRow, Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";
import { auditSays } from "@/server/store/search";
import type { AuditEntry, ExportedAuditEntry } from "@/server/views";

export interface AuditFilter {
	readonly search?: string | undefined;
	readonly action?: string | undefined;
}

export interface AuditPageWish extends AuditFilter {
	/** An entry's id: only older ones. */
	readonly before?: string | undefined;
	readonly limit?: number | undefined;
}

/** Newest first; `next` is the `before` of the following page, null at the end. */
export async function readAudit(tx: Tx, filter: AuditPageWish): Promise<{ rows: AuditEntry[]; next: string | null }> {
	const limit = filter.limit ?? 50;
	const found = await tx.$queryRaw<{ id: bigint }[]>`
		select a.id from audit a where ${matching(filter)} ${filter.before ? Prisma.sql`and a.id < ${BigInt(filter.before)}` : Prisma.empty}
		order by a.id desc limit ${limit + 1}`;
	const rows = await tx.auditRow.findMany({ where: { id: { in: found.map(({ id }) => id) } }, orderBy: { id: "desc" } });
	const page = rows.slice(0, limit);
	return {
		rows: page.map(toEntry),
		next: rows.length > limit ? (page.at(-1)?.id.toString() ?? null) : null,
	};
}

const exportedAtOnce = 1_000;

/** Oldest first, all there are at its start. */
export async function* readAuditForExport(tx: Tx, filter: AuditFilter): AsyncGenerator<ExportedAuditEntry[]> {
	const newest = await tx.auditRow.findFirst({ orderBy: { id: "desc" }, select: { id: true } });
	for (let after = 0n; newest; ) {
		const found = await tx.$queryRaw<{ id: bigint }[]>`
			select a.id from audit a where ${matching(filter)} and a.id > ${after} and a.id <= ${newest.id}
			order by a.id limit ${exportedAtOnce}`;
		const rows = await tx.auditRow.findMany({ where: { id: { in: found.map(({ id }) => id) } }, orderBy: { id: "asc" } });
		yield rows.map((row) => ({ ...toEntry(row), actorId: row.actorId, previous: row.previous, hash: row.hash }));
		if (rows.length < exportedAtOnce) return;
		after = rows.at(-1)?.id ?? newest.id;
	}
}

/** Whether this actor's own reading with this filter is in the trail since then. */
export async function hasReadSince(
	tx: Tx,
	actor: Actor,
	action: string,
	data: Prisma.InputJsonObject,
	since: Date,
): Promise<boolean> {
	const own = { actorKind: actor.kind, actorId: actor.id };
	return (await tx.auditRow.findFirst({ where: { at: { gt: since }, action, ...own, data: { equals: data } } })) !== null;
}

function matching({ action, search }: AuditFilter): Prisma.Sql {
	const said = search ? auditSays(search) : Prisma.sql`true`;
	return action ? Prisma.sql`a.action = ${action} and ${said}` : said;
}

function toEntry(row: AuditRow): AuditEntry {
	return {
		id: row.id.toString(),
		at: row.at,
		actor: row.actorName,
		actorKind: row.actorKind,
		action: row.action,
		subjectKind: row.subjectKind,
		subject: row.subject,
		summary: row.summary,
		data: row.data as Record<string, unknown>,
	};
}
