import { cursorText } from "@/domain/cursor";

/** Rows of a page. */
export const pageRows = 50;

/** Where the list goes on after these rows; null = they are the last. A full page may have one after it. */
export function nextByName(rows: readonly { readonly name: string }[] | undefined): string | null {
	return lastOfFull(rows)?.name ?? null;
}

export function nextByTime<Row extends { readonly createdAt: Date; readonly number: number }>(
	rows: readonly Row[] | undefined,
	wordsOf: (row: Row) => readonly string[],
): string | null {
	const last = lastOfFull(rows);
	return last && cursorText({ at: last.createdAt, words: wordsOf(last), number: last.number });
}

function lastOfFull<Row>(rows: readonly Row[] | undefined): Row | null {
	return rows === undefined || rows.length < pageRows ? null : (rows.at(-1) ?? null);
}
