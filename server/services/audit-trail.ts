import { type ExportFormat, exportHead, exportLine } from "@/domain/audit/export";
import type { Actor } from "@/domain/roles";
import { recordAudit } from "@/server/store/audit";
import { type AuditFilter, type AuditPageWish, hasReadSince, readAudit, readAuditForExport } from "@/server/store/audit-view";
import type { Database } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import type { AuditEntry } from "@/server/views";

interface TrailDeps {
	readonly database: Database;
}

/** A page that stays open asks anew with every change anywhere; for so long all that is one reading. */
const readingLastsMs = 15 * 60_000;

/** One page of the trail. The reading itself is recorded first: once for each filter that somebody looks with, in 15 minutes. */
export async function readTrail(
	{ database }: TrailDeps,
	actor: Actor,
	wish: AuditPageWish,
): Promise<{ rows: AuditEntry[]; next: string | null }> {
	const data = factsOf(wish);
	const since = new Date((await databaseNow(database)) - readingLastsMs);
	if (!(await hasReadSince(database, actor, "audit.read", data, since))) {
		const summary = `${actor.name} read the audit${wordsOf(wish)}`;
		await recordAudit(database, actor, { action: "audit.read", subjectKind: "audit", subject: "audit", summary, data });
	}
	return readAudit(database, wish);
}

/** The trail as the text of a file, piece by piece; recorded before the first piece, each time. */
export async function exportTrail(
	{ database }: TrailDeps,
	actor: Actor,
	filter: AuditFilter,
	format: ExportFormat,
): Promise<AsyncIterable<string>> {
	const summary = `${actor.name} exported the audit as ${format}${wordsOf(filter)}`;
	const data = { ...factsOf(filter), format };
	await recordAudit(database, actor, { action: "audit.export", subjectKind: "audit", subject: "audit", summary, data });
	return piecesOf(database, filter, format);
}

async function* piecesOf(database: Database, filter: AuditFilter, format: ExportFormat): AsyncGenerator<string> {
	yield exportHead(format);
	for await (const rows of readAuditForExport(database, filter)) {
		yield rows.map((row) => exportLine(format, { ...row })).join("");
	}
}

function factsOf({ search, action }: AuditFilter): { search: string | null; action: string | null } {
	return { search: search || null, action: action || null };
}

function wordsOf({ search, action }: AuditFilter): string {
	const words = [...(action ? [`action ${action}`] : []), ...(search ? [`words "${search}"`] : [])];
	return words.length === 0 ? "" : `, filtered by ${words.join(" and ")}`;
}
