import type { AuditKey } from "@/adapters/audit/key";
import { type AuditFacts, beginAction, type ChainEnd, genesis, nextLink, storable } from "@/domain/audit/chain";
import { emptyFold, fold } from "@/domain/audit/verify";
import { AppError, messageOf } from "@/domain/errors";
import { systemActor } from "@/domain/roles";
import { Prisma, type PrismaClient } from "@/prisma/generated/client";
import { readAuditRows } from "@/server/store/audit-read";
import type { Database, Tx } from "@/server/store/client";

/** Read once a process, at its first change. */
export type AuditKeySource = () => Promise<AuditKey>;

type Begin = (this: unknown, work: unknown, options: unknown) => Promise<unknown>;
type Unplaced = Omit<AuditFacts, "at">;

/** What each transaction under way will say when its own work is done. */
const waiting = new WeakMap<object, Unplaced[]>();

/**
 * Makes every transaction of this client end with its audit rows: they get their places in the chain after everything
 * else, so the chain's one head is locked from there to the commit only, and nobody waits for anything else while
 * holding it. Where they cannot be written the transaction is rolled back: throws `unavailable`.
 */
export function withAuditChain(client: PrismaClient, readKey: AuditKeySource): Database {
	let reading: Promise<AuditKey> | null = null;
	const key = () => {
		reading ??= readKey().catch((error: unknown) => {
			reading = null;
			throw error;
		});
		return reading;
	};
	const begin = client.$transaction as unknown as Begin;
	// Prisma's transactions inherit from the client, so `this` is one of them where a savepoint begins: see asDatabase.
	function transaction(this: unknown, work: unknown, options: unknown): Promise<unknown> {
		if (typeof work !== "function" || (typeof this === "object" && this !== null && waiting.has(this))) {
			return begin.call(this, work, options);
		}
		const first = async (tx: Tx): Promise<unknown> => {
			const rows: Unplaced[] = [];
			waiting.set(tx, rows);
			const result: unknown = await work(tx);
			if (rows.length > 0) await append(tx, rows, key);
			return result;
		};
		return begin.call(this, first, options);
	}
	return Object.assign(client, { $transaction: transaction }) as Database;
}

/**
 * A transaction in the place of the database: what a service opens on it is a savepoint within, so it is all or nothing
 * with what else the transaction does. Audit rows of such a savepoint wait with those of the whole.
 */
export function asDatabase(tx: Tx): Database {
	const begin = ((tx as Database).$transaction as unknown as Begin).bind(tx);
	const within = async (work: unknown, options: unknown): Promise<unknown> => {
		if (typeof work !== "function") return begin(work, options);
		const rows: Unplaced[] = [];
		const result = await begin(async (own: Tx) => {
			waiting.set(own, rows);
			return work(own);
		}, options);
		waiting.get(tx)?.push(...rows);
		return result;
	};
	return new Proxy(tx, {
		get: (target, name) => (name === "$transaction" ? within : Reflect.get(target, name)),
	}) as Database;
}

/** In the transaction that is under way; on the database itself, in one of its own. */
export async function placeLast(tx: Tx | Database, row: Unplaced): Promise<void> {
	const rows = waiting.get(tx);
	if (rows) rows.push(row);
	else if ("$transaction" in tx) await tx.$transaction(async (own) => waiting.get(own)?.push(row));
	else throw new Error("An audit row outside the client's own transactions has no place in the chain.");
}

async function append(tx: Tx, rows: readonly Unplaced[], readKey: AuditKeySource): Promise<void> {
	try {
		const key = await readKey();
		const head = await lockHead(tx);
		const begun = hasOlderRows(head) ? [await beginRow(tx, head, key)] : [];
		await insert(tx, head, [...begun, ...rows], key);
	} catch (cause) {
		if (cause instanceof AppError) throw cause;
		const code = /Code: `(\w+)`/.exec(messageOf(cause))?.[1];
		throw new AppError(
			"unavailable",
			`The audit trail cannot be written${code ? ` (Postgres says ${code})` : ""}, so nothing was changed: \`sluice status\` shows what runs, and try again.`,
			{ cause, details: code ? { postgres: code } : {} },
		);
	}
}

/**
 * At start-up: the chain's first row over the rows of an older version, however many, and the key that the chain was
 * begun with. Throws `unavailable` when the key is another one: a new one would make all that was recorded unprovable.
 */
export async function beginAuditChain(database: Database, readKey: AuditKeySource): Promise<void> {
	const key = await readKey();
	const work = async (tx: Tx): Promise<void> => {
		const head = await lockHead(tx);
		if (head.keyId !== null && head.keyId !== key.id) throw new AppError("unavailable", otherKey(head.keyId, key.id));
		if (hasOlderRows(head)) await insert(tx, head, [await beginRow(tx, head, key)], key);
	};
	await database.$transaction(work, { timeout: 60 * 60_000 });
}

function otherKey(begun: string, now: string): string {
	return `The audit chain was begun with the key ${begun}, and secrets/audit-key is ${now}: put the file back from your backup.`;
}

function hasOlderRows({ hash, sequence }: ChainEnd): boolean {
	return hash === genesis && sequence > 0n;
}

interface Head extends ChainEnd {
	/** Postgres's clock, not before the newest row's. */
	readonly now: number;
	readonly keyId: string | null;
}

/** Others hold the head for milliseconds. A transaction's own timeout ends no wait inside Postgres; it is 5 s. */
const longestWait = "4s";

async function lockHead(tx: Tx): Promise<Head> {
	await tx.$executeRaw`select set_config('lock_timeout', ${longestWait}, true)`;
	const rows = await tx.$queryRaw<Head[]>`
		select sequence, hash, "keyId", (extract(epoch from greatest(clock_timestamp()::timestamp, at)) * 1000)::float8 as now
		from audit_head where id = 1 for update`;
	const head = rows[0];
	if (head) return head;
	throw new AppError(
		"unavailable",
		"The audit chain has lost its head (the one row of audit_head), so nothing is changed: put it back from a backup.",
	);
}

/** The first row of a chain that comes after rows without one: their number, and one hash over all of them. */
async function beginRow(tx: Tx, head: Head, { mac }: AuditKey): Promise<Unplaced> {
	let hash = emptyFold;
	let count = 0;
	for await (const rows of readAuditRows(tx, 0n, head.sequence)) {
		hash = fold(hash, rows, mac);
		count += rows.length;
	}
	const { kind: actorKind, id: actorId, name: actorName } = systemActor;
	return {
		...{ actorKind, actorId, actorName },
		action: beginAction,
		subjectKind: "audit",
		subject: "audit",
		summary: `The audit chain began; the ${count} rows before it are vouched for as they were then`,
		data: { rows: count, hash },
	};
}

/** A statement has at most 65,535 parameters, and a row eleven; a change says one or two things. */
const rowsPerStatement = 1_000;

async function insert(tx: Tx, head: Head, rows: readonly Unplaced[], key: AuditKey): Promise<void> {
	const at = new Date(Math.floor(head.now));
	let end: ChainEnd = head;
	for (let from = 0; from < rows.length; from += rowsPerStatement)
		end = await insertSome(tx, end, rows.slice(from, from + rowsPerStatement), at, key);
}

/** One statement: the rows, and the head that they lead to. */
async function insertSome(
	tx: Tx,
	start: ChainEnd,
	rows: readonly Unplaced[],
	at: Date,
	{ id, mac }: AuditKey,
): Promise<ChainEnd> {
	let end = start;
	const values = rows.map((row) => {
		const facts = storable({ ...row, at });
		const link = nextLink(end, facts, mac);
		end = link;
		const { actorKind, actorId, actorName, action, subjectKind, subject, summary } = facts;
		const said = Prisma.sql`${actorKind}, ${actorId}, ${actorName}, ${action}, ${subjectKind}, ${subject}, ${summary}`;
		return Prisma.sql`(${link.sequence}, ${at.toISOString()}::timestamp, ${said}, ${JSON.stringify(facts.data)}::jsonb, ${link.previous}, ${link.hash})`;
	});
	await tx.$executeRaw`
		with added as (
			insert into audit (id, at, "actorKind", "actorId", "actorName", action, "subjectKind", subject, summary, data, previous, hash)
			values ${Prisma.join(values)}
		)
		update audit_head set sequence = ${end.sequence}, hash = ${end.hash}, at = ${at.toISOString()}::timestamp,
			"keyId" = coalesce("keyId", ${id}) where id = 1`;
	return end;
}
