import { likeAnywhere } from "@/domain/search";
import { Prisma } from "@/prisma/generated/client";

/**
 * What people search in, as one text each. The indexes service_words and audit_words are of these very expressions: one
 * that differs is not found by them.
 */
export const serviceWords = Prisma.sql`lower(s.name || E'\n' || s.description || E'\n' || s.owner || E'\n' || coalesce(s.repository, ''))`;
export const auditWords = Prisma.sql`lower(a.summary || E'\n' || a.subject || E'\n' || a."actorName" || E'\n' || a.action)`;

export function containsAll(text: Prisma.Sql, words: readonly string[]): Prisma.Sql {
	if (words.length === 0) return Prisma.sql`true`;
	return Prisma.join(
		words.map((word) => Prisma.sql`${text} like ${likeAnywhere(word)}`),
		" and ",
	);
}
