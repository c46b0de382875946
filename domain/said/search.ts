import { type Piece, patternOf } from "./pattern";
import type { WordsOf } from "./words";

/** Texts that must follow each other, in lower case, with anything between. */
export type Traces = readonly string[];

/** One thing that must be in what is found: itself, or the traces of a sentence that is read with it. */
export interface SoughtPiece {
	readonly text: string;
	readonly sentences: readonly Traces[];
}

interface Entry {
	/** The translation without what is filled in. */
	readonly read: string;
	readonly traces: Traces;
}

/** Stands where something is filled in: nobody types it. */
const hole = "\0";
/** One letter alone is in half of all sentences: beside others it says nothing. */
const fewestLetters = 2;

/**
 * Finds English sentences by what is read in their place. What is kept is English; who reads it in Chinese types what
 * is on the page: each run of Chinese letters is looked for in the translations, and all else as it is.
 */
export class SaidSearch {
	readonly #entries: readonly Entry[];

	constructor(catalogue: Readonly<Record<string, string>>, wordsOf: WordsOf) {
		this.#entries = Object.entries(catalogue).flatMap(([english, translated]) => entriesOf(english, translated, wordsOf));
	}

	/** What must all be in it; null = there is nothing Chinese in the search, so it means what it says. */
	piecesOf(search: string): readonly SoughtPiece[] | null {
		if (!/\p{Script=Han}/u.test(search)) return null;
		const runs =
			search
				.toLowerCase()
				.replaceAll(/(?<=\d)\/(?=\d)/g, " ")
				.match(/\p{Script=Han}+|[^\s\p{Script=Han}（）：；，。、？！“”]+/gu) ?? [];
		const pieces = runs.flatMap((run) => (/\p{Script=Han}/u.test(run) ? this.#parts(run) : this.#asItIs(run)));
		const telling = pieces.filter(({ text }) => text.length >= fewestLetters || !/\p{Script=Han}/u.test(text));
		return telling.length === 0 ? pieces : telling;
	}

	/** A sentence may be filled with another: a run that none has as a whole is cut into the longest that some have. */
	#parts(run: string): SoughtPiece[] {
		const parts: SoughtPiece[] = [];
		for (let rest = run; rest !== ""; ) {
			const part = this.#longest(rest);
			if (part === null) return [...parts, { text: rest, sentences: [] }];
			parts.push(part);
			rest = rest.slice(part.text.length);
		}
		return parts;
	}

	#longest(run: string): SoughtPiece | null {
		for (let end = run.length; end > 0; end--) {
			const piece = this.#piece(run.slice(0, end));
			if (piece.sentences.length > 0) return piece;
		}
		return null;
	}

	/** Signs around it are of the sentence that it is filled in, as the # and the v of a number. Some words are the same in both. */
	#asItIs(run: string): SoughtPiece[] {
		const text = run.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "").replace(/^v(?=\d+$)/, "");
		return text === "" ? [] : [this.#piece(text)];
	}

	#piece(text: string): SoughtPiece {
		const sentences = this.#entries.flatMap(({ read, traces }) => (read.includes(text) ? [traces] : []));
		return { text, sentences };
	}
}

/** The sentence, and the same with each word that a gap may hold and that is translated. */
function entriesOf(english: string, translated: string, wordsOf: WordsOf): Entry[] {
	const { literals, translation } = patternOf(english.toLowerCase(), translated);
	const filled = translation.flatMap((piece, at) => {
		if (typeof piece === "string") return [];
		const words = piece.words.flatMap((kind) => [...wordsOf(kind)]);
		return words.map(([word, read]) => ({
			read: readOf(translation.with(at, read)),
			traces: tracesOf(fill(literals, piece.index, word.toLowerCase())),
		}));
	});
	// A sentence without a letter of its own is in everything.
	return [{ read: readOf(translation), traces: tracesOf(literals) }, ...filled].filter(({ traces }) =>
		/\p{L}/u.test(traces.join("")),
	);
}

function readOf(translation: readonly Piece[]): string {
	return translation
		.map((piece) => (typeof piece === "string" ? piece : hole))
		.join("")
		.toLowerCase();
}

function tracesOf(literals: readonly string[]): Traces {
	return literals.filter((literal) => literal !== "");
}

function fill(literals: readonly string[], gap: number, word: string): string[] {
	const before = literals.slice(0, gap + 1);
	const after = literals.slice(gap + 1);
	return [...before.slice(0, -1), `${before.at(-1) ?? ""}${word}${after[0] ?? ""}`, ...after.slice(1)];
}
