import { CommanderError } from "commander";
import { AppError, messageOf } from "@/domain/errors";
import { toAppError } from "./client";
import { exitCodeOf, usageError } from "./exit-code";
import { createProgram } from "./program";

async function main(): Promise<void> {
	await createProgram().parseAsync(process.argv);
}

/** An error of ours is a sentence for the user; of anything else the stack helps to report it. */
function report(thrown: unknown): number {
	const error = toAppError(thrown);
	if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageError;
	process.stderr.write(`sluice: ${error instanceof AppError ? error.message : ((error as Error).stack ?? messageOf(error))}\n`);
	return exitCodeOf(error);
}

main().catch((error: unknown) => {
	// Whatever else was under way is not waited for.
	process.exit(report(error));
});
