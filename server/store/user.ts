import { randomUUID } from "node:crypto";
import { AppError } from "@/domain/errors";
import { isRole, type Role } from "@/domain/roles";
import type { Tx } from "@/server/store/client";

export interface StoredUser {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	readonly role: Role;
	readonly isDisabled: boolean;
}

export async function findUserByEmail(tx: Tx, email: string): Promise<StoredUser | null> {
	return toDomain(await tx.user.findUnique({ where: { email: email.toLowerCase() } }));
}

export async function findUser(tx: Tx, id: string): Promise<StoredUser | null> {
	return toDomain(await tx.user.findUnique({ where: { id } }));
}

export async function findUserEmail(tx: Tx, id: string): Promise<string | null> {
	return (await tx.user.findUnique({ where: { id }, select: { email: true } }))?.email ?? null;
}

/** A user with a password, as better-auth keeps both. Throws `conflict` when the address has an account. */
export async function insertUser(
	tx: Tx,
	user: { readonly email: string; readonly name: string; readonly role: Role; readonly passwordHash: string },
): Promise<string> {
	const id = randomUUID();
	const { name, role, passwordHash } = user;
	const email = user.email.toLowerCase();
	const { count } = await tx.user.createMany({ data: [{ id, name, email, role, emailVerified: true }], skipDuplicates: true });
	if (count === 0) throw new AppError("conflict", `${email} has an account already: sign in.`);
	const account = { id: randomUUID(), accountId: id, providerId: "credential", userId: id, password: passwordHash };
	await tx.account.create({ data: account });
	return id;
}

export async function setRole(tx: Tx, id: string, role: Role): Promise<void> {
	await tx.user.update({ where: { id }, data: { role } });
}

/** Ends the account, its sessions and its tokens: the next request of each is refused. */
export async function disableUser(tx: Tx, id: string, at: Date): Promise<{ sessions: number; tokens: number }> {
	await tx.user.update({ where: { id }, data: { disabledAt: at } });
	const sessions = await tx.session.deleteMany({ where: { userId: id } });
	const tokens = await tx.apiToken.deleteMany({ where: { userId: id } });
	return { sessions: sessions.count, tokens: tokens.count };
}

export async function enableUser(tx: Tx, id: string): Promise<void> {
	await tx.user.update({ where: { id }, data: { disabledAt: null } });
}

/**
 * The user, and how many other administrators can sign in. Holds all administrators' rows until the transaction ends,
 * so of two demotions at once the second sees the first. Throws `not-found`.
 */
export async function lockAdministration(tx: Tx, id: string): Promise<{ user: StoredUser; administrators: number }> {
	const administrators = await tx.$queryRaw<{ id: string }[]>`
		select id from "user" where role = 'admin' and "disabledAt" is null order by id for update`;
	const user = await findUser(tx, id);
	if (!user) throw new AppError("not-found", "There is no such user: `sluice user list` shows all.");
	return { user, administrators: administrators.filter((one) => one.id !== id).length };
}

function toDomain(
	row: { id: string; name: string; email: string; role: string; disabledAt: Date | null } | null,
): StoredUser | null {
	if (!row || !isRole(row.role)) return null;
	const { id, name, email, role, disabledAt } = row;
	return { id, name, email, role, isDisabled: disabledAt !== null };
}
