import type { ChainEnd } from "@/domain/audit/chain";
import type { ReadRow } from "@/domain/audit/verify";
import type { AuditRow } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";

const rowsAtOnce = 5_000;

/** The rows after one number up to another, oldest first, some thousand at a time. */
export async function* readAuditRows(tx: Tx, after: bigint, until: bigint): AsyncGenerator<ReadRow[]> {
	for (let last = after; last < until; ) {
		const rows = await auditRowsAfter(tx, last, rowsAtOnce, until);
		const newest = rows.at(-1);
		if (!newest) return;
		yield rows;
		last = newest.sequence;
	}
}

export async function auditRowsAfter(tx: Tx, after: bigint, limit: number, until?: bigint): Promise<ReadRow[]> {
	const id = { gt: after, ...(until === undefined ? {} : { lte: until }) };
	return (await tx.auditRow.findMany({ where: { id }, orderBy: { id: "asc" }, take: limit })).map(toReadRow);
}

export interface AuditHead extends ChainEnd {
	/** When the newest row was written; null = there is none. */
	readonly at: Date | null;
	/** The key that the chain was begun with; null = it has not begun. */
	readonly keyId: string | null;
}

/** Null = somebody removed it. */
export async function readAuditHead(tx: Tx): Promise<AuditHead | null> {
	return tx.auditHead.findUnique({ where: { id: 1 }, omit: { id: true } });
}

/** The hash of a row; null = there is no such row, or it has none. */
export async function auditHashOf(tx: Tx, sequence: bigint): Promise<string | null> {
	return (await tx.auditRow.findUnique({ where: { id: sequence } }))?.hash ?? null;
}

/** Less than any row's number, also of one that somebody made up. */
export const beforeFirst = -(2n ** 63n);

/** The number before the oldest row that is in the chain; while none is, the newest row's. */
export async function beforeChain(tx: Tx): Promise<bigint> {
	const first = await tx.auditRow.findFirst({ where: { hash: { not: null } }, orderBy: { id: "asc" }, select: { id: true } });
	if (first) return first.id - 1n;
	return (await tx.auditRow.findFirst({ orderBy: { id: "desc" }, select: { id: true } }))?.id ?? 0n;
}

function toReadRow({ id, ...facts }: AuditRow): ReadRow {
	return { sequence: id, ...facts };
}
