import { AppError } from "@/domain/errors";
import { type Confirmation, isConfirmation } from "@/domain/policy/confirmation";
import type { Tx } from "@/server/store/client";

export interface EnvironmentRow {
	readonly name: string;
	readonly isPrimary: boolean;
	readonly confirmation: Confirmation;
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
	const select = { name: true, isPrimary: true, confirmation: true } as const;
	const rows = await tx.environment.findMany({ orderBy: { position: "asc" }, select });
	return rows.map((row) => ({ ...row, confirmation: confirmationOf(row.confirmation) }));
}

/** What a change here asks of a person. Throws `not-found`. */
export async function readConfirmation(tx: Tx, name: string): Promise<Confirmation> {
	const row = await tx.environment.findUnique({ where: { name }, select: { confirmation: true } });
	if (!row) throw new AppError("not-found", `There is no environment ${name}.`);
	return confirmationOf(row.confirmation);
}

/** A word that nobody knows asks for the most. */
function confirmationOf(text: string): Confirmation {
	return isConfirmation(text) ? text : "name";
}
