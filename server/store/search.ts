import { SaidSearch } from "@/domain/said/search";
import { allWordsIn } from "@/domain/said/words";
import { likeAnywhere, likeInTurn } from "@/domain/search";
import said from "@/messages/said.zh.json";
import zh from "@/messages/texts/zh.json";
import { Prisma } from "@/prisma/generated/client";

// Kept in the row, so that thousands of rows can be looked through.
export const serviceWords = Prisma.sql`s.words`;
const auditWords = Prisma.sql`a.words`;

export function containsAll(text: Prisma.Sql, words: readonly string[]): Prisma.Sql {
	if (words.length === 0) return Prisma.sql`true`;
	return Prisma.join(
		words.map((word) => Prisma.sql`${text} like ${likeAnywhere(word)}`),
		" and ",
	);
}

let saidSearch: SaidSearch | undefined;

/**
 * The whole search is one text, looked for as it is: an entry is found by a piece of its sentence. One with Chinese
 * letters is of what is read: its pieces are looked for in the English that is kept for it.
 */
export function auditSays(search: string): Prisma.Sql {
	const whole = containsAll(auditWords, [search.toLowerCase()]);
	saidSearch ??= new SaidSearch(said, allWordsIn(zh));
	const pieces = saidSearch.piecesOf(search);
	if (pieces === null) return whole;
	const found = pieces.map(({ text, sentences }) => {
		const patterns = new Set([likeAnywhere(text), ...sentences.map(likeInTurn)]);
		return Prisma.sql`(${Prisma.join(
			[...patterns].map((pattern) => Prisma.sql`${auditWords} like ${pattern}`),
			" or ",
		)})`;
	});
	return Prisma.sql`(${whole} or ${Prisma.join(found, " and ")})`;
}
