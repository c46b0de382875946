import { type CheckpointFile, keptCheckpoint, type ReadCheckpoints, readCheckpoints } from "@/adapters/audit/checkpoints";
import { ensureAuditKey } from "@/adapters/audit/key";
import { beginAction, type ChainEnd, genesis, type Mac } from "@/domain/audit/chain";
import {
	type ChainProblem,
	compare,
	emptyFold,
	fold,
	judgeEnd,
	type ReadCheckpoint,
	type ReadRow,
	sentenceOf,
	walk,
} from "@/domain/audit/verify";
import { AppError } from "@/domain/errors";
import type { Env } from "@/server/env";
import { checkpointFileOf } from "@/server/services/audit-checkpoint";
import {
	type AuditHead,
	auditHashOf,
	auditRowsAfter,
	beforeChain,
	beforeFirst,
	readAuditHead,
	readAuditRows,
} from "@/server/store/audit-read";
import type { Database, Tx } from "@/server/store/client";
import type { AuditVerification } from "@/server/views";

interface VerifyDeps {
	readonly database: Database;
	readonly env: Pick<Env, "paths" | "installation">;
}

/** So many rows an answer, unless a test wants fewer. */
const rowsPerPart = 10_000;

/**
 * Verifies one part of the trail: from its beginning, or after the row that an earlier part ended with. Looks at what
 * was in the database at one moment, and at checkpoints from before it, so what comes meanwhile is no fault; also at a
 * checkpoint that was kept elsewhere. Changes nothing. Throws `invalid` when what was kept is none.
 */
export async function verifyAudit(
	deps: VerifyDeps,
	after: bigint | null,
	{ kept = null, atOnce = rowsPerPart }: { readonly kept?: string | null; readonly atOnce?: number } = {},
): Promise<AuditVerification> {
	const key = await ensureAuditKey(deps.env.paths.auditKey);
	const start = after ?? (await beforeChain(deps.database));
	const file = await checkpointFileOf(deps.env);
	const own = kept === null ? null : readKept(file, kept);
	const checkpoints = await readCheckpoints(file, start, start + BigInt(atOnce));
	const read = async (tx: Tx): Promise<AuditVerification> => {
		const head = await readAuditHead(tx);
		const hash = after === null ? genesis : ((await auditHashOf(tx, after)) ?? "");
		const rows = await auditRowsAfter(tx, start, atOnce);
		const older = after === null ? await foldOlder(tx, start, key.mac) : null;
		const walked = walk({ sequence: start, hash }, rows, key.mac);
		const isLast = rows.length < atOnce;
		const problem =
			keyProblem(head, key.id) ??
			(older && beginProblem(older, start, rows[0])) ??
			walked.problem ??
			compare(rows, own ? [...checkpoints.found, own] : checkpoints.found) ??
			(isLast ? endProblem(walked.end, head, checkpoints, own) : null);
		return toView({ start, rows, end: walked.end, older, head, checkpoints, problem, isLast });
	};
	return deps.database.$transaction(read, { isolationLevel: "RepeatableRead", timeout: 60 * 60_000 });
}

interface Older {
	readonly count: number;
	/** The number of the newest; 0 = there is none. */
	readonly last: bigint;
	readonly hash: string;
}

/** All rows that are not in the chain, which its first row vouches for together. */
async function foldOlder(tx: Tx, until: bigint, mac: Mac): Promise<Older> {
	let older: Older = { count: 0, last: 0n, hash: emptyFold };
	for await (const rows of readAuditRows(tx, beforeFirst, until)) {
		const last = rows.at(-1)?.sequence ?? older.last;
		older = { count: older.count + rows.length, last, hash: fold(older.hash, rows, mac) };
	}
	return older;
}

function keyProblem(head: AuditHead | null, keyId: string): ChainProblem | null {
	if (!head || head.keyId === null || head.keyId === keyId) return null;
	return { kind: "key", sequence: 1n, until: head.sequence, at: null };
}

/** Is what stands before the first row what that row says stands there? Its own hash is looked at by `walk`. */
function beginProblem(older: Older, start: bigint, first: ReadRow | undefined): ChainProblem | null {
	if (!first) return null;
	if (first.previous !== genesis && older.last < start)
		return { kind: "missing", sequence: older.last + 1n, until: start, at: first.at };
	const vouched =
		first.action === beginAction ? (first.data as { rows?: unknown; hash?: unknown }) : { rows: 0, hash: emptyFold };
	if (vouched.rows === older.count && vouched.hash === older.hash) return null;
	return { kind: "before", sequence: 1n, until: start, at: first.at };
}

function endProblem(
	end: ChainEnd,
	head: AuditHead | null,
	{ newest }: ReadCheckpoints,
	own: ReadCheckpoint | null,
): ChainProblem | null {
	const known = [newest, own].filter((checkpoint) => checkpoint !== null);
	known.sort((a, b) => (a.sequence < b.sequence ? -1 : 1));
	return judgeEnd(end, head ?? { sequence: 0n, hash: genesis, at: null }, known);
}

function readKept(file: CheckpointFile, text: string): ReadCheckpoint {
	const found = keptCheckpoint(file, text);
	if (found) return found;
	throw new AppError("invalid", "What was kept is no checkpoint: give a line of the file audit/checkpoints.jsonl, as it was.");
}

interface Part {
	readonly start: bigint;
	readonly rows: readonly ReadRow[];
	/** How far it is whole. */
	readonly end: ChainEnd;
	readonly older: Older | null;
	readonly head: AuditHead | null;
	readonly checkpoints: ReadCheckpoints;
	readonly problem: ChainProblem | null;
	readonly isLast: boolean;
}

function toView({ start, rows, end, older, head, checkpoints, problem, isLast }: Part): AuditVerification {
	const whole = rows.filter(({ sequence }) => sequence <= end.sequence);
	const { found, newest } = checkpoints;
	return {
		from: (start + 1n).toString(),
		to: end.sequence.toString(),
		rows: whole.length,
		fromAt: whole[0]?.at ?? null,
		toAt: whole.at(-1)?.at ?? null,
		older: older?.count ?? 0,
		head: (head?.sequence ?? 0n).toString(),
		checkpoints: found.length,
		newestCheckpoint: newest && { entry: newest.sequence.toString(), at: newest.at },
		problem: problem && {
			kind: problem.kind,
			entry: problem.sequence.toString(),
			until: problem.until.toString(),
			at: problem.at,
			sentence: sentenceOf(problem),
		},
		next: problem || isLast ? null : end.sequence.toString(),
	};
}
