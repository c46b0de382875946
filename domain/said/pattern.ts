/** An English sentence with gaps, and the translation that fills them again. */
export interface Pattern {
	/** What stands between the gaps, first and last included; one literal = no gap. */
	readonly literals: readonly string[];
	readonly translation: readonly Piece[];
	/** Letters that must stand as they are: the more, the surer it is this sentence. */
	readonly weight: number;
}

export type Piece = string | Filled;

/**
 * `{0}` is translated when it is a sentence itself; `{0#}` is a number, else it is another sentence; `{0:rolloutState}` is
 * a word that zh.json has below that key, `{0:serviceVerbs.*.button}` with the word in the middle, `{0:one|two}` in either.
 */
export interface Filled {
	readonly index: number;
	readonly isNumber: boolean;
	readonly words: readonly string[];
}

const gaps = /\{(\d+)(#|:[\w.*|]+)?\}/g;

export function patternOf(english: string, translated: string): Pattern {
	const literals = english.split(/\{\d+\}/);
	return { literals, translation: piecesOf(translated), weight: literals.join("").length };
}

function piecesOf(text: string): Piece[] {
	const pieces: Piece[] = [];
	let end = 0;
	for (const found of text.matchAll(gaps)) {
		const [whole, index = "", kind] = found;
		pieces.push(text.slice(end, found.index));
		pieces.push({ index: Number(index), isNumber: kind === "#", words: kind?.startsWith(":") ? kind.slice(1).split("|") : [] });
		end = found.index + whole.length;
	}
	return [...pieces, text.slice(end)].filter((piece) => piece !== "");
}

/**
 * What stands in the gaps; null = it is not this sentence. Each literal is taken where it comes first, the last one at the
 * end: that finds a fit when there is one, in one pass, however the text is made.
 */
export function valuesIn(text: string, { literals, translation }: Pattern): readonly string[] | null {
	const first = literals[0] ?? "";
	const last = literals.at(-1) ?? "";
	if (literals.length === 1) return text === first ? [] : null;
	if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return null;
	const stop = text.length - last.length;
	const values: string[] = [];
	let at = first.length;
	for (const literal of literals.slice(1, -1)) {
		const found = text.indexOf(literal, at);
		if (found === -1 || found + literal.length > stop) return null;
		values.push(text.slice(at, found));
		at = found + literal.length;
	}
	values.push(text.slice(at, stop));
	const isOdd = translation.some((piece) => typeof piece !== "string" && piece.isNumber && !isNumber(values[piece.index] ?? ""));
	return isOdd ? null : values;
}

function isNumber(text: string): boolean {
	return text.length <= 20 && /^-?\d+(\.\d+)?$/.test(text);
}
