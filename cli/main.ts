import { Command, CommanderError } from "commander";
import { AppError, messageOf } from "@/domain/errors";
import { toAppError } from "./client";
import { register as audit } from "./commands/audit";
import { register as backup } from "./commands/backup";
import { register as config } from "./commands/config";
import { register as create } from "./commands/create";
import { register as deploy } from "./commands/deploy";
import { register as doctor } from "./commands/doctor";
import { register as down } from "./commands/down";
import { register as host } from "./commands/host";
import { register as image } from "./commands/image";
import { register as logs } from "./commands/logs";
import { register as pipeline } from "./commands/pipeline";
import { register as registry } from "./commands/registry";
import { register as repository } from "./commands/repository";
import { register as rollout } from "./commands/rollout";
import { register as service } from "./commands/service";
import { register as status } from "./commands/status";
import { register as test } from "./commands/test";
import { register as token } from "./commands/token";
import { register as uninstall } from "./commands/uninstall";
import { register as up } from "./commands/up";
import { register as user } from "./commands/user";
import { register as verbs } from "./commands/verbs";
import { exitCodeHelp, exitCodeOf, usageError } from "./exit-code";

const commands = [
	up,
	down,
	status,
	logs,
	doctor,
	backup,
	uninstall,
	registry,
	test,
	create,
	deploy,
	image,
	verbs,
	rollout,
	service,
	repository,
	pipeline,
	host,
	config,
	user,
	token,
	audit,
];

async function main(): Promise<void> {
	const program = new Command("sluice")
		.description("Builds, releases and runs services on your own hosts.")
		.showHelpAfterError("(--help shows what there is)")
		.addHelpText("after", exitCodeHelp);
	for (const register of commands) register(program);
	overrideExit(program);
	await program.parseAsync(process.argv);
}

/** Also of commands within commands: a word not understood is told and ends alike everywhere. */
function overrideExit(command: Command): void {
	command.exitOverride();
	for (const inner of command.commands) overrideExit(inner);
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
