import { Command, CommanderError } from "commander";
import { AppError, messageOf } from "@/domain/errors";
import { register as down } from "./commands/down";
import { register as logs } from "./commands/logs";
import { register as status } from "./commands/status";
import { register as test } from "./commands/test";
import { register as up } from "./commands/up";

const commands = [up, down, status, logs, test];

const usageError = 2;

async function main(): Promise<void> {
	const program = new Command("sluice")
		.description("Builds, releases and runs services on your own hosts.")
		.showHelpAfterError("(--help shows what there is)")
		.exitOverride();
	for (const register of commands) register(program);
	for (const command of program.commands) command.exitOverride();
	await program.parseAsync(process.argv);
}

/** An error of ours is a sentence for the user; of anything else the stack helps to report it. */
function report(error: unknown): number {
	if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageError;
	process.stderr.write(`sluice: ${error instanceof AppError ? error.message : ((error as Error).stack ?? messageOf(error))}\n`);
	return 1;
}

main().catch((error: unknown) => {
	// Whatever else was under way is not waited for.
	process.exit(report(error));
});
