import type { Tx } from "@/server/store/client";

export interface EnvironmentRow {
	readonly name: string;
	readonly isPrimary: boolean;
}

/** The two every installation begins with; an administrator's later changes are left alone. */
export async function ensureEnvironments(tx: Tx): Promise<void> {
	await tx.environment.createMany({
		data: [
			{ name: "staging", position: 1, confirmation: "none" },
			{ name: "production", position: 2, isPrimary: true, confirmation: "click" },
		],
		skipDuplicates: true,
	});
}

export async function listEnvironments(tx: Tx): Promise<EnvironmentRow[]> {
	return tx.environment.findMany({ orderBy: { position: "asc" }, select: { name: true, isPrimary: true } });
}
