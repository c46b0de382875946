import { createHash, randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import { noLimits, nothing, scopes, type TokenLimits } from "@/domain/policy/scope";
import { type Actor, isRole, lowerRole, type Role } from "@/domain/roles";
import type { Database, Tx } from "@/server/store/client";
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

/** The text is given out now and never again: what is kept is its SHA-256. */
export async function insertToken(
	tx: Tx,
	{ userId, name, role, limits, expiresAt }: NewToken,
): Promise<{ id: string; token: string }> {
	const id = randomUUID();
	const token = `${prefix}${randomBytes(32).toString("base64url")}`;
	await tx.apiToken.create({
		data: {
			id,
			name,
			role,
			limits: { scopes: copy(limits.scopes), services: copy(limits.services), environments: copy(limits.environments) },
			expiresAt,
			userId,
			start: token.slice(0, shownCharacters),
			hash: hashOf(token),
			createdAt: new Date(),
		},
	});
	return { id, token };
}

export async function readTokens(tx: Tx, userId: string): Promise<TokenRow[]> {
	const rows = await tx.apiToken.findMany({ where: { userId }, orderBy: { createdAt: "desc" } });
	return rows.map(({ id, name, start, role, limits, createdAt, expiresAt, usedAt }) => ({
		id,
		name,
		start,
		role: role !== null && isRole(role) ? role : null,
		limits: limitsIn(limits),
		createdAt,
		expiresAt,
		usedAt,
	}));
}

/** Its name; null = this user has no such token. */
export async function deleteToken(tx: Tx, userId: string, id: string): Promise<string | null> {
	const row = await tx.apiToken.findFirst({ where: { id, userId }, select: { name: true } });
	if (!row) return null;
	await tx.apiToken.delete({ where: { id } });
	return row.name;
}

/**
 * Who calls with this token; null when it is unknown, expired or revoked, or its person is disabled. Read anew for each
 * call, so what is taken away ends at once. One query, and a write at most once a minute: this is before every call.
 */
export async function actorOfToken(database: Database, token: string, now = new Date()): Promise<Actor | null> {
	const [row] = await database.$queryRaw<FoundToken[]>`
		select t.id, t.role, t.limits, t."usedAt", u.id as "userId", u.name, u.role as "userRole"
		from api_token t join "user" u on u.id = t."userId"
		where t.hash = ${hashOf(token)} and (t."expiresAt" is null or t."expiresAt" > ${now}) and u."disabledAt" is null`;
	if (!row || !isRole(row.userRole)) return null;
	if (row.usedAt === null || now.getTime() - row.usedAt.getTime() > usedEveryMs) {
		await database.apiToken.updateMany({ where: { id: row.id }, data: { usedAt: now } });
	}
	return {
		kind: "token",
		id: row.userId,
		name: row.name,
		role: roleOf(row.role, row.userRole),
		token: { id: row.id, limits: limitsIn(row.limits) },
	};
}

/** How exact the last use of a token is told, in milliseconds. */
const usedEveryMs = 60_000;

interface FoundToken {
	readonly id: string;
	readonly role: string | null;
	readonly limits: unknown;
	readonly usedAt: Date | null;
	readonly userId: string;
	readonly name: string;
	readonly userRole: string;
}

/** At most its user's; a word that is no role is the least one. */
function roleOf(role: string | null, ofUser: Role): Role {
	if (role === null) return ofUser;
	return isRole(role) ? lowerRole(role, ofUser) : "viewer";
}

function hashOf(token: string): string {
	return createHash("sha256").update(token).digest("base64url");
}

/** A Json column wants arrays of its own. */
function copy(words: readonly string[] | null): string[] | null {
	return words && [...words];
}
