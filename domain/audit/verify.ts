import { type AuditFacts, type ChainEnd, genesis, hashOf, type Mac } from "@/domain/audit/chain";

/** A row as it is read back: anybody may have written anything into it. */
export interface ReadRow extends AuditFacts {
	readonly sequence: bigint;
	readonly previous: string | null;
	readonly hash: string | null;
}

/** A head that was written down outside the database, with a signature that was found to be right or not. */
export interface ReadCheckpoint extends ChainEnd {
	readonly at: Date;
	readonly isSigned: boolean;
}

/**
 * changed: what a row says is not what its hash was made of. missing: rows were deleted. misplaced: a row does not
 * continue the one before. cut: the newest rows were deleted. head: the head does not say what the newest row says.
 * rewritten: a row is another one than a checkpoint says, so somebody had the key. checkpoint: a checkpoint was changed.
 * before: the rows from before the chain are not what its first row vouches for. key: another key than the chain's.
 */
export const chainProblems = [
	"changed",
	"missing",
	"misplaced",
	"cut",
	"head",
	"rewritten",
	"checkpoint",
	"before",
	"key",
] as const;
export type ChainProblemKind = (typeof chainProblems)[number];

export interface ChainProblem {
	readonly kind: ChainProblemKind;
	/** The first row it is about, and the last. */
	readonly sequence: bigint;
	readonly until: bigint;
	/** When that row was written; of rows that are gone, when the next one was, or a checkpoint that knew it; null = not known. */
	readonly at: Date | null;
}

/** The first row that does not continue `end`, and where the chain is whole up to. Rows by their number, without gaps in the reading. */
export function walk(end: ChainEnd, rows: readonly ReadRow[], mac: Mac): { end: ChainEnd; problem: ChainProblem | null } {
	let whole = end;
	for (const row of rows) {
		const { sequence, at } = row;
		const problem = (kind: ChainProblemKind, from = sequence, until = sequence) => ({
			end: whole,
			problem: { kind, sequence: from, until, at },
		});
		if (sequence !== whole.sequence + 1n) return problem("missing", whole.sequence + 1n, sequence - 1n);
		if (row.hash === null || row.previous === null || hashOf(sequence, row, row.previous, mac) !== row.hash)
			return problem("changed");
		if (row.previous !== whole.hash) return problem("misplaced");
		whole = { sequence, hash: row.hash };
	}
	return { end: whole, problem: null };
}

/** The first checkpoint that says something else than these rows, which are whole. */
export function compare(rows: readonly ReadRow[], checkpoints: readonly ReadCheckpoint[]): ChainProblem | null {
	const hashes = new Map(rows.map(({ sequence, hash }) => [sequence, hash]));
	for (const { sequence, hash, at, isSigned } of checkpoints) {
		const found = hashes.get(sequence);
		if (found === undefined) continue;
		if (!isSigned) return { kind: "checkpoint", sequence, until: sequence, at };
		if (found !== hash) return { kind: "rewritten", sequence, until: sequence, at };
	}
	return null;
}

/** What is wrong with the end: `end` is the newest row there is (`genesis` = there is none), all up to it is whole. */
export function judgeEnd(
	end: ChainEnd,
	head: ChainEnd & { readonly at: Date | null },
	checkpoints: readonly ReadCheckpoint[],
): ChainProblem | null {
	const beyond = checkpoints.filter(({ sequence }) => sequence > end.sequence);
	const forged = beyond.find(({ isSigned }) => !isSigned);
	const known = beyond.filter(({ isSigned }) => isSigned).at(-1);
	const from = end.sequence + 1n;
	if (known && known.sequence >= head.sequence) return { kind: "cut", sequence: from, until: known.sequence, at: known.at };
	if (head.sequence > end.sequence) return { kind: "cut", sequence: from, until: head.sequence, at: head.at };
	if (forged) return { kind: "checkpoint", sequence: forged.sequence, until: forged.sequence, at: forged.at };
	if (head.sequence !== end.sequence || head.hash !== end.hash)
		return { kind: "head", sequence: head.sequence, until: end.sequence, at: head.at };
	return null;
}

/** Folds rows that have no hashes of their own into one. */
export function fold(hash: string, rows: readonly ReadRow[], mac: Mac): string {
	return rows.reduce((before, row) => hashOf(row.sequence, row, before, mac), hash);
}

export const emptyFold = genesis;

/** One sentence for people who read it in a terminal; pages have their own texts by kind. */
export function sentenceOf({ kind, sequence, until, at }: ChainProblem): string {
	const when = at ? ` (${at.toISOString()})` : "";
	const rows = sequence === until ? `Row ${sequence}` : `Rows ${sequence} to ${until}`;
	const are = sequence === until ? "is" : "are";
	switch (kind) {
		case "changed":
			return `Row ${sequence}${when} was changed: it does not say what was recorded.`;
		case "missing":
			return `${rows} ${are} missing: deleted before the row that follows${when}.`;
		case "misplaced":
			return `Row ${sequence}${when} does not continue the row before it: rows were moved or replaced.`;
		case "cut":
			return `${rows} ${are} cut off the end: recorded no later than ${at?.toISOString() ?? "now"}, and gone.`;
		case "head":
			return `The head of the chain says row ${sequence}, and the newest row is ${until}: the head was changed.`;
		case "rewritten":
			return `Row ${sequence} is another one than the checkpoint${when} says: it was rewritten by somebody with the key.`;
		case "checkpoint":
			return `The checkpoint of row ${sequence}${when} was changed: its signature is not this installation's.`;
		case "before":
			return `A row from before the chain, up to row ${until}, was changed, added or deleted after the chain began${when}.`;
		case "key":
			return "The key in the file is another one than the chain was begun with: put the file audit-key back from your backup.";
	}
}
