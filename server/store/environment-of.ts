import type { Tx } from "@/server/store/client";

export async function isPrimaryEnvironment(tx: Tx, name: string): Promise<boolean> {
	return (await tx.environment.findUnique({ where: { name }, select: { isPrimary: true } }))?.isPrimary ?? false;
}
