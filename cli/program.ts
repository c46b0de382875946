import { Command } from "commander";
import { register as approval } from "./commands/approval";
import { register as audit } from "./commands/audit";
import { register as backup } from "./commands/backup";
import { register as baseImage } from "./commands/base-image";
import { register as config } from "./commands/config";
import { register as create } from "./commands/create";
import { register as deploy } from "./commands/deploy";
import { register as doctor } from "./commands/doctor";
import { register as down } from "./commands/down";
import { register as environment } from "./commands/environment";
import { register as freeze } from "./commands/freeze";
import { register as gateway } from "./commands/gateway";
import { register as hook } from "./commands/hook";
import { register as host } from "./commands/host";
import { register as image } from "./commands/image";
import { register as importing } from "./commands/import";
import { register as logs } from "./commands/logs";
import { register as metrics } from "./commands/metrics";
import { register as pipeline } from "./commands/pipeline";
import { register as platform } from "./commands/platform";
import { register as provenance } from "./commands/provenance";
import { register as registry } from "./commands/registry";
import { register as release } from "./commands/release";
import { register as repository } from "./commands/repository";
import { register as rollout } from "./commands/rollout";
import { register as rolloutEdit } from "./commands/rollout-edit";
import { register as service } from "./commands/service";
import { register as status } from "./commands/status";
import { register as test } from "./commands/test";
import { register as token } from "./commands/token";
import { register as uninstall } from "./commands/uninstall";
import { register as up } from "./commands/up";
import { register as user } from "./commands/user";
import { register as validate } from "./commands/validate";
import { register as verbs } from "./commands/verbs";
import { register as volume } from "./commands/volume";
import { register as webhook } from "./commands/webhook";
import { register as whoami } from "./commands/whoami";
import { exitCodeHelp } from "./exit-code";

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
	validate,
	create,
	importing,
	deploy,
	image,
	baseImage,
	verbs,
	rollout,
	rolloutEdit,
	approval,
	service,
	environment,
	freeze,
	gateway,
	release,
	provenance,
	metrics,
	repository,
	pipeline,
	host,
	config,
	volume,
	user,
	token,
	webhook,
	hook,
	audit,
	platform,
	whoami,
];

/** The whole command line, not yet run. */
export function createProgram(): Command {
	const program = new Command("sluice")
		.description("Builds, releases and runs services on your own hosts.")
		.showHelpAfterError("(--help shows what there is)")
		.addHelpText("after", exitCodeHelp);
	for (const register of commands) register(program);
	overrideExit(program);
	return program;
}

/** Also of commands within commands: a word not understood is told and ends alike everywhere. */
function overrideExit(command: Command): void {
	command.exitOverride();
	for (const inner of command.commands) overrideExit(inner);
}
