import type { Role } from "@/domain/roles";
import type { Tx } from "@/server/store/client";

export async function findUserByEmail(tx: Tx, email: string): Promise<{ id: string } | null> {
	return tx.user.findUnique({ where: { email }, select: { id: true } });
}

export async function findUserEmail(tx: Tx, id: string): Promise<string | null> {
	return (await tx.user.findUnique({ where: { id }, select: { email: true } }))?.email ?? null;
}

export async function setRole(tx: Tx, id: string, role: Role): Promise<void> {
	await tx.user.update({ where: { id }, data: { role } });
}
