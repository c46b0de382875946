import { likeAnywhere } from "@/domain/search";
import { Prisma } from "@/prisma/generated/client";

/** What people search services by, as one text. The index service_words is of this very expression: one that differs is not found by it. */
export const serviceWords = Prisma.sql`lower(s.name || E'\n' || s.description || E'\n' || s.owner || E'\n' || coalesce(s.repository, ''))`;
/** Kept in the row, so that thousands of rows can be looked through. */
export const auditWords = Prisma.sql`a.words`;

export function containsAll(text: Prisma.Sql, words: readonly string[]): Prisma.Sql {
	if (words.length === 0) return Prisma.sql`true`;
	return Prisma.join(
		words.map((word) => Prisma.sql`${text} like ${likeAnywhere(word)}`),
		" and ",
	);
}
