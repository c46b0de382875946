import { type Pattern, type Piece, patternOf, valuesIn } from "@/domain/said/pattern";
import type { WordOf } from "@/domain/said/words";

/** English sentence with gaps -> the same in another language. */
export type SaidCatalogue = Readonly<Record<string, string>>;

/** Longer texts are somebody's output: they are looked at as a whole only. */
const longestJoined = 4_000;
const mostParts = 60;
const mostLeads = 4;
const deepest = 6;
const mostKept = 2_000;

/** Where an English sentence that stayed ends and a Chinese one begins. */
const unspaced = /(?<=[a-z][.?!])(?=\p{Script=Han})/gu;

/** How sentences are put together, and how that is written in Chinese. */
const joints: readonly { readonly at: RegExp; readonly by: string }[] = [
	{ at: /\n/, by: "\n" },
	{ at: /(?<=[.?!]) (?=["“\p{Lu}])/u, by: "" },
	{ at: /; /, by: "；" },
	{ at: /: /, by: "：" },
	{ at: /, or with /, by: "，或 " },
	{ at: /, /, by: "，" },
	{ at: / and /, by: " 和 " },
];

/**
 * Translates what the server says, sentence by sentence. What is known is found by the words that never change in it;
 * what was filled in is translated when it is itself such a sentence; all else stays as it came.
 */
export class Translator {
	readonly #exact = new Map<string, string>();
	/** By their first letter; "" = begins with a gap. The surest first. */
	readonly #patterns = new Map<string, Pattern[]>();
	readonly #kept = new Map<string, string>();
	readonly #wordOf: WordOf;

	constructor(catalogue: SaidCatalogue, wordOf: WordOf) {
		this.#wordOf = wordOf;
		for (const [english, translated] of Object.entries(catalogue)) {
			const pattern = patternOf(english, translated);
			if (pattern.literals.length === 1) this.#exact.set(english, translated);
			else this.#bucket(english.startsWith("{") && pattern.literals[0] === "" ? "" : english.charAt(0)).push(pattern);
		}
		for (const bucket of this.#patterns.values()) bucket.sort((one, other) => other.weight - one.weight);
	}

	translate(text: string): string {
		const kept = this.#kept.get(text);
		if (kept !== undefined) return kept;
		const translated = this.#said(text, deepest)?.replace(unspaced, " ") ?? text;
		if (this.#kept.size >= mostKept) this.#kept.clear();
		this.#kept.set(text, translated);
		return translated;
	}

	#said(text: string, depth: number): string | null {
		if (depth === 0 || !/\p{Ll}{2}/u.test(text)) return null;
		const surely = this.#whole(text, depth, true);
		if (surely !== null) return surely;
		if (text.length > longestJoined) return this.#whole(text, depth, false);
		return (
			this.#sentences(text, depth) ??
			this.#led(text, depth) ??
			this.#whole(text, depth, false) ??
			this.#ended(text) ??
			this.#joined(text, depth)
		);
	}

	/** The full stop comes and goes with where a sentence stands. */
	#whole(text: string, depth: number, isStrict: boolean): string | null {
		const found = this.#match(text, depth, isStrict);
		if (found !== null) return found;
		if (!text.endsWith(".")) return this.#match(`${text}.`, depth, isStrict)?.replace(/。$/, "") ?? null;
		const bare = this.#match(text.slice(0, -1), depth, isStrict);
		return bare === null ? null : `${bare}。`;
	}

	#match(text: string, depth: number, isStrict: boolean): string | null {
		const exact = this.#exact.get(text);
		if (exact !== undefined) return exact;
		const named = this.#patterns.get(text.charAt(0)) ?? [];
		for (const pattern of sureFirst(named, this.#patterns.get("") ?? [])) {
			const values = valuesIn(text, pattern);
			if (values === null || (isStrict && holdsSentences(values, pattern))) continue;
			return pattern.translation.map((piece) => this.#filled(piece, values, depth)).join("");
		}
		return null;
	}

	#filled(piece: Piece, values: readonly string[], depth: number): string {
		if (typeof piece === "string") return piece;
		const value = values[piece.index] ?? "";
		for (const kind of piece.words) {
			const word = this.#wordOf(kind, value);
			if (word !== null) return word;
		}
		return this.#said(value, depth - 1) ?? value;
	}

	/** One sentence after the other, and each is known. */
	#sentences(text: string, depth: number): string | null {
		for (const { at, by } of joints.slice(0, 3)) {
			const parts = text.split(at);
			if (parts.length < 2 || parts.length > mostParts) continue;
			const said = parts.map((part) => this.#said(part, depth - 1));
			if (said.every((part) => part !== null)) return said.join(by);
		}
		return null;
	}

	/** “sluice.yaml:3:5: unknown key …”: a place or a name, then a sentence that is known as a whole. */
	#led(text: string, depth: number): string | null {
		let colon = text.indexOf(": ");
		for (let tries = 0; colon !== -1 && tries < mostLeads; tries++) {
			const end = this.#whole(text.slice(colon + 2), depth - 1, true);
			const begin = text.slice(0, colon);
			if (end !== null) return `${this.#part(begin, depth) ?? begin}：${end}`;
			colon = text.indexOf(": ", colon + 2);
		}
		return null;
	}

	/** Several sentences in one text. Null when none of them is known. */
	#joined(text: string, depth: number): string | null {
		for (const { at, by } of joints) {
			const parts = text.split(at);
			if (parts.length < 2 || parts.length > mostParts) continue;
			const said = parts.map((part) => this.#part(part, depth));
			if (said.every((part) => part === null)) continue;
			return said.map((part, index) => part ?? parts[index]).join(by);
		}
		return null;
	}

	/** One word is known only as a whole text, or where a sentence says so: elsewhere it is a name. */
	#part(text: string, depth: number): string | null {
		return text.includes(" ") ? this.#said(text, depth - 1) : null;
	}

	/** “Ada asked to abort”: what is filled in, then words that are known. */
	#ended(text: string): string | null {
		for (let space = text.indexOf(" "); space !== -1; space = text.indexOf(" ", space + 1)) {
			const end = this.#exact.get(text.slice(space + 1));
			if (end !== undefined) return `${text.slice(0, space)} ${end}`;
		}
		return null;
	}

	#bucket(letter: string): Pattern[] {
		const bucket = this.#patterns.get(letter) ?? [];
		this.#patterns.set(letter, bucket);
		return bucket;
	}
}

/** What is filled in is a sentence or more: perhaps these are several, and this pattern takes one for a value of another. */
function holdsSentences(values: readonly string[], { literals }: Pattern): boolean {
	const isLed = literals[0] === "" && /[:;.] |\n/.test(values[0] ?? "");
	// After a colon of its own a pattern expects one.
	const leads = literals.at(-1) === "" && !literals.at(-2)?.endsWith(": ") && values.at(-1)?.includes(": ");
	return (
		isLed ||
		leads ||
		(!literals.some((literal) => literal.includes("\n")) && values.some((value) => /\n|[.?!] ["“\p{Lu}]/u.test(value)))
	);
}

function* sureFirst(one: readonly Pattern[], other: readonly Pattern[]): Generator<Pattern> {
	let [i, j] = [0, 0];
	while (i < one.length || j < other.length) {
		const [left, right] = [one[i], other[j]];
		if (right === undefined || (left !== undefined && left.weight >= right.weight)) {
			if (left !== undefined) yield left;
			i++;
		} else {
			yield right;
			j++;
		}
	}
}
