import { createHash, randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import { noLimits, nothing, scopes, type TokenLimits } from "@/domain/policy/scope";
import { isRole, type Role } from "@/domain/roles";
import type { Tx } from "@/server/store/client";
import type { TokenRow } from "@/server/views";

const prefix = "sluice_";
/** Enough to tell tokens apart, too little to guess one. */
const shownCharacters = prefix.length + 5;

export interface NewToken {
	readonly userId: string;
	readonly name: string;
	/** Null = its user's role. */
	readonly role: Role | null;
	readonly limits: TokenLimits;
	readonly expiresAt: Date | null;
}

const names = z.array(z.string()).nullable();
const storedLimits = z.strictObject({ scopes: z.array(z.enum(scopes)).nullable(), services: names, environments: names });

/** Null = none; what cannot be understood allows nothing. */
function limitsIn(stored: unknown): TokenLimits {
	if (stored === null) return noLimits;
	const read = storedLimits.safeParse(stored);
	return read.success ? read.data : nothing;
}

/**
 * Written here and not by better-auth's own call, so that the audit row is in the same transaction; what is stored is
 * what its api-key plugin stores and verifies. The text is given out now and never again.
 */
export async function insertToken(
	tx: Tx,
	{ userId, name, role, limits, expiresAt }: NewToken,
): Promise<{ id: string; token: string }> {
	const id = randomUUID();
	const token = `${prefix}${randomBytes(32).toString("base64url")}`;
	const now = new Date();
	await tx.apikey.create({
		data: {
			id,
			name,
			role,
			limits: { scopes: copy(limits.scopes), services: copy(limits.services), environments: copy(limits.environments) },
			expiresAt,
			referenceId: userId,
			prefix,
			start: token.slice(0, shownCharacters),
			key: createHash("sha256").update(token).digest("base64url"),
			createdAt: now,
			updatedAt: now,
		},
	});
	return { id, token };
}

export async function readTokens(tx: Tx, userId: string): Promise<TokenRow[]> {
	const rows = await tx.apikey.findMany({ where: { referenceId: userId }, orderBy: { createdAt: "desc" } });
	return rows.map(({ id, name, start, role, limits, createdAt, expiresAt, lastRequest }) => ({
		id,
		name: name ?? "",
		start: start ?? "",
		role: role !== null && isRole(role) ? role : null,
		limits: limitsIn(limits),
		createdAt,
		expiresAt,
		usedAt: lastRequest,
	}));
}

/** Its name; null = this user has no such token. */
export async function deleteToken(tx: Tx, userId: string, id: string): Promise<string | null> {
	const row = await tx.apikey.findFirst({ where: { id, referenceId: userId }, select: { name: true } });
	if (!row) return null;
	await tx.apikey.delete({ where: { id } });
	return row.name ?? "";
}

/** What it may at most: null = its user's role; a word that is no role is the least one. */
export async function tokenGrant(tx: Tx, id: string): Promise<{ role: Role | null; limits: TokenLimits }> {
	const row = await tx.apikey.findUnique({ where: { id }, select: { role: true, limits: true } });
	const role = row?.role ?? null;
	return { role: role === null || isRole(role) ? role : "viewer", limits: row ? limitsIn(row.limits) : nothing };
}

/** A Json column wants arrays of its own. */
function copy(words: readonly string[] | null): string[] | null {
	return words && [...words];
}
