import type { Tx } from "@/server/store/client";
import type { AuditEntry } from "@/server/views";

export interface AuditFilter {
	readonly search?: string | undefined;
	readonly action?: string | undefined;
	/** An entry's id: only older ones. */
	readonly before?: string | undefined;
	readonly limit?: number | undefined;
}

/** Newest first; `next` is the `before` of the following page, null at the end. */
export async function readAudit(tx: Tx, filter: AuditFilter): Promise<{ rows: AuditEntry[]; next: string | null }> {
	const limit = filter.limit ?? 50;
	const contains = filter.search ? ({ contains: filter.search, mode: "insensitive" } as const) : null;
	const rows = await tx.auditRow.findMany({
		where: {
			...(filter.action ? { action: filter.action } : {}),
			...(filter.before ? { id: { lt: BigInt(filter.before) } } : {}),
			...(contains ? { OR: [{ summary: contains }, { subject: contains }, { actorName: contains }, { action: contains }] } : {}),
		},
		orderBy: { id: "desc" },
		take: limit + 1,
	});
	const page = rows.slice(0, limit);
	return {
		rows: page.map((row) => ({
			id: row.id.toString(),
			at: row.at,
			actor: row.actorName,
			actorKind: row.actorKind,
			action: row.action,
			subjectKind: row.subjectKind,
			subject: row.subject,
			summary: row.summary,
			data: row.data as Record<string, unknown>,
		})),
		next: rows.length > limit ? (page.at(-1)?.id.toString() ?? null) : null,
	};
}
