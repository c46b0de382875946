import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { AppError } from "@/domain/errors";

export interface ConfirmOptions {
	readonly yes?: boolean;
}

export function withYes(command: Command): Command {
	return command.option("--yes", "do not ask; without a terminal nothing is ever asked");
}

/**
 * Asks a person at a terminal before what cannot be taken back by the next command. A script is not asked: it has no
 * terminal, and its words are the answer. Throws `invalid` when the answer is not yes.
 */
export async function confirm(question: string, { yes = false }: ConfirmOptions): Promise<void> {
	if (yes || !process.stdin.isTTY || !process.stderr.isTTY) return;
	const asking = createInterface({ input: process.stdin, output: process.stderr });
	try {
		const answer = (await asking.question(`${question} [y/N] `)).trim().toLowerCase();
		if (answer === "y" || answer === "yes") return;
	} finally {
		asking.close();
	}
	throw new AppError("invalid", "Nothing was done.");
}
