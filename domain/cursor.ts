import { AppError } from "@/domain/errors";

/**
 * Where a list that is newest first goes on: after the row made at this moment with this name. Rows of one moment are
 * in the order of their names, so none is skipped or told twice, whatever is added meanwhile.
 */
export interface Cursor {
	readonly at: Date;
	/** What names the row, from the outside in; the last is its number. */
	readonly words: readonly string[];
	readonly number: number;
}

export function cursorText({ at, words, number }: Cursor): string {
	return [at.toISOString(), ...words, number].join("/");
}

/** Throws `invalid`. */
export function readCursor(text: string, wordCount: number): Cursor {
	const [time = "", ...names] = text.split("/");
	const at = new Date(time);
	const words = names.slice(0, -1);
	const number = Number(names.at(-1));
	if (Number.isNaN(at.getTime()) || words.length !== wordCount || !Number.isSafeInteger(number)) {
		throw new AppError("invalid", "The cursor `before` is not one of this list: take it from the Link of the page before.");
	}
	return { at, words, number };
}
