import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ChainEnd, genesis, nextLink, storable } from "@/domain/audit/chain";
import { compare, judgeEnd, type ReadRow, sentenceOf, walk } from "@/domain/audit/verify";

const mac = (text: string) => createHmac("sha256", "the key").update(text).digest("hex");
const start: ChainEnd = { sequence: 0n, hash: genesis };

function chainOf(summaries: readonly string[]): ReadRow[] {
	let end = start;
	return summaries.map((summary, index) => {
		const who = { actorKind: "user", actorId: "u", actorName: "olga" };
		const what = { action: "host.join", subjectKind: "host", subject: `h${index}`, summary, data: { index, list: ["a"] } };
		const facts = storable({ at: new Date(index * 1_000), ...who, ...what });
		const link = nextLink(end, facts, mac);
		end = link;
		return { ...facts, ...link };
	});
}

const rows = chainOf(["one", "two", "three", "four", "five"]);
const last = rows.at(-1) as ReadRow;
const end = { sequence: last.sequence, hash: last.hash ?? "" };
const head = { ...end, at: last.at };
const kindOf = (changed: readonly ReadRow[]) => walk(start, changed, mac).problem?.kind;

/** Any UTF-16, halves of surrogate pairs too. */
const anyText = fc.array(fc.nat(0xffff), { maxLength: 10 }).map((units) => String.fromCharCode(...units));

test("a whole chain is whole, whatever its rows say", () => {
	fc.assert(
		fc.property(fc.array(anyText, { maxLength: 20 }), (summaries) => {
			const chain = chainOf(summaries);
			expect(walk(start, chain, mac)).toMatchObject({ problem: null, end: { sequence: BigInt(chain.length) } });
		}),
	);
});

const fields = Object.keys(last) as (keyof ReadRow)[];

test("any change of any one field of any row is found, and at that row", () => {
	fc.assert(
		fc.property(fc.nat(rows.length - 1), fc.constantFrom(...fields), fc.anything(), (index, field, value) => {
			const row = rows[index] as ReadRow;
			const changed = { ...row, [field]: otherThan(row[field], value) };
			const { problem } = walk(start, rows.with(index, changed), mac);
			expect(problem).not.toBeNull();
			// A row under another number leaves a gap, or takes the place of another one.
			if (field !== "sequence") expect(problem).toMatchObject({ kind: "changed", sequence: row.sequence });
		}),
		{ numRuns: 2_000 },
	);
});

/** Of the same kind, as a column of the database holds nothing else. */
function otherThan(now: unknown, value: unknown): unknown {
	if (typeof now === "bigint") return now + BigInt((fc.stringify(value).length % 7) + 1);
	if (now instanceof Date) return new Date(now.getTime() + fc.stringify(value).length + 1);
	if (typeof now === "object") return { changed: fc.stringify(value) };
	return `${String(now)}${fc.stringify(value)}`;
}

test("rows left out, moved, put in or taken from a chain of another key are found", () => {
	fc.assert(
		fc.property(fc.nat(3), fc.nat(4), (one, other) => {
			expect(kindOf(rows.toSpliced(one, 1))).toBe("missing");
			const [a, b] = [rows[one] as ReadRow, rows[other] as ReadRow];
			if (one === other) return;
			const swapped = rows.with(one, { ...b, sequence: a.sequence }).with(other, { ...a, sequence: b.sequence });
			expect(kindOf(swapped)).toBe("changed");
		}),
	);
	const forged = { ...last, ...nextLink({ sequence: 4n, hash: rows[3]?.hash ?? "" }, last, (text) => text.slice(0, 64)) };
	expect(kindOf(rows.with(4, forged))).toBe("changed");
	// With the key, but after another row: a part of a chain that was once another one.
	const fork = { ...last, ...nextLink({ sequence: 4n, hash: "f".repeat(64) }, last, mac) };
	expect(kindOf(rows.with(4, fork))).toBe("misplaced");
});

test("a cut tail shows by the head, and with a head moved back by a checkpoint", () => {
	const cut = walk(start, rows.slice(0, 3), mac).end;
	const at = new Date(9_000);
	const checkpoint = { ...end, at, isSigned: true };
	expect(judgeEnd(end, head, [checkpoint])).toBeNull();
	expect(judgeEnd(cut, head, [])).toMatchObject({ kind: "cut", sequence: 4n, until: 5n, at: head.at });
	expect(judgeEnd(cut, { ...cut, at: null }, [])).toBeNull();
	expect(judgeEnd(cut, { ...cut, at: null }, [checkpoint])).toMatchObject({ kind: "cut", sequence: 4n, until: 5n, at });
	expect(judgeEnd(cut, { ...cut, at: null }, [{ ...checkpoint, isSigned: false }])).toMatchObject({ kind: "checkpoint" });
	expect(judgeEnd(end, { ...head, hash: "f".repeat(64) }, [])).toMatchObject({ kind: "head" });
	expect(judgeEnd(end, { ...cut, at: null }, [])).toMatchObject({ kind: "head", sequence: 3n, until: 5n });
});

test("a trail rewritten with the key shows by a checkpoint, and a changed checkpoint by its signature", () => {
	const checkpoint = { sequence: 2n, hash: rows[1]?.hash ?? "", at: new Date(0), isSigned: true };
	expect(compare(rows, [checkpoint])).toBeNull();
	expect(compare(chainOf(["one", "2", "three"]), [checkpoint])).toMatchObject({ kind: "rewritten", sequence: 2n });
	expect(compare(rows, [{ ...checkpoint, isSigned: false }])).toMatchObject({ kind: "checkpoint", sequence: 2n });
});

test("a sentence says which row and when", () => {
	const problem = { kind: "missing", sequence: 4n, until: 6n, at: new Date(0) } as const;
	expect(sentenceOf(problem)).toBe("Rows 4 to 6 are missing: deleted before the row that follows (1970-01-01T00:00:00.000Z).");
	expect(sentenceOf({ ...problem, until: 4n })).toContain("Row 4 is missing");
});
