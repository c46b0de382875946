import { createHash, randomBytes } from "node:crypto";
import { isRole, type Role } from "@/domain/roles";
import { type InvitationFacts, invitationDays } from "@/domain/user/invitation";
import type { Tx } from "@/server/store/client";

export interface StoredInvitation extends InvitationFacts {
	readonly id: string;
	readonly email: string;
	readonly role: Role;
}

/** Makes an invitation and takes back open ones for the same address. The text is given out now and never again. */
export async function insertInvitation(
	tx: Tx,
	grant: { readonly email: string; readonly role: Role; readonly createdBy: string },
	now: Date,
): Promise<{ id: string; token: string; expiresAt: Date }> {
	await tx.invitation.updateMany({ where: { email: grant.email, usedAt: null, revokedAt: null }, data: { revokedAt: now } });
	const id = randomBytes(8).toString("hex");
	const secret = randomBytes(32).toString("base64url");
	const expiresAt = new Date(now.getTime() + invitationDays * 86_400_000);
	await tx.invitation.create({ data: { id, secretHash: hashOf(secret), ...grant, createdAt: now, expiresAt } });
	return { id, token: `${id}.${secret}`, expiresAt };
}

/** The id in a token's text, for counting tries; null = it is none. */
export function invitationId(token: string): string | null {
	return /^([0-9a-f]{16})\.[\w-]{43}$/.exec(token)?.[1] ?? null;
}

/** The invitation of this text, in whatever state, held until the transaction ends; null = the text is not right. */
export async function lockInvitation(tx: Tx, token: string): Promise<StoredInvitation | null> {
	const id = invitationId(token);
	if (id === null) return null;
	const secretHash = hashOf(token.slice(id.length + 1));
	await tx.$executeRaw`select 1 from invitation where id = ${id} for update`;
	const row = await tx.invitation.findFirst({ where: { id, secretHash } });
	return row && isRole(row.role) ? { ...row, role: row.role } : null;
}

export async function useInvitation(tx: Tx, id: string, now: Date): Promise<void> {
	await tx.invitation.update({ where: { id }, data: { usedAt: now } });
}

/** The address it was for; null = there is none that is open. */
export async function revokeInvitation(tx: Tx, id: string, now: Date): Promise<string | null> {
	const [row] = await tx.invitation.updateManyAndReturn({
		where: { id, usedAt: null, revokedAt: null },
		data: { revokedAt: now },
	});
	return row?.email ?? null;
}

/** The secret is 256 random bits, so a plain hash cannot be searched. */
function hashOf(secret: string): string {
	return createHash("sha256").update(secret).digest("hex");
}
