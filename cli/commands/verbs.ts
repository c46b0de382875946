import type { Command } from "commander";
import { AppError } from "@/domain/errors";
import type { RolloutState } from "@/domain/rollout/model";
import type { RolloutRow } from "@/server/views";
import { type Client, createClient } from "../client";
import { type ConfirmOptions, confirm, withYes } from "../confirm";
import { homeOf } from "../home";
import { type OutputOptions, printJson, tell, withOutput } from "../output";
import { newestRollout, sentenceOf, watchRollout } from "./rollout";

interface VerbOptions extends OutputOptions, ConfirmOptions {
	readonly env: string;
	readonly rollout?: string;
	readonly reason?: string;
	readonly full?: boolean;
	readonly watch?: boolean;
}

interface Target {
	readonly service: string;
	readonly environment: string;
	readonly number: number;
	readonly reason: string;
}

const moving: readonly RolloutState[] = ["queued", "running", "rolling-back", "waiting"];

/** What a person says about the newest rollout of a service, or about the one given. */
const verbs: readonly {
	readonly name: string;
	readonly description: string;
	/** States of the rollout that is meant when none is named: the newest of these, else the newest at all. */
	readonly of: readonly RolloutState[];
	/** The portal asks for a reason. */
	readonly needsReason: boolean;
	readonly say: (client: Client, target: Target, options: VerbOptions) => Promise<RolloutRow>;
}[] = [
	{
		name: "promote",
		description: "on to the next step; with --full past all of them",
		of: moving,
		needsReason: false,
		say: (client, target, { full = false }) => client.rollout.promote.mutate({ ...target, full }),
	},
	{
		name: "pause",
		description: "hold a rollout where it is",
		of: moving,
		needsReason: true,
		say: (client, target) => client.rollout.pause.mutate(target),
	},
	{
		name: "resume",
		description: "let a paused rollout go on",
		of: moving,
		needsReason: false,
		say: (client, target) => client.rollout.resume.mutate(target),
	},
	{
		name: "abort",
		description: "go back to what served before; withdraw one that awaits approval",
		of: [...moving, "awaiting-approval"],
		needsReason: true,
		say: (client, target) => client.rollout.abort.mutate(target),
	},
	{
		name: "approve",
		description: "approve the plan as it is now",
		of: ["awaiting-approval"],
		needsReason: false,
		say: async (client, target) => client.rollout.approve.mutate({ ...target, intentHash: await intentOf(client, target) }),
	},
	{
		name: "reject",
		description: "refuse the plan as it is now: nothing is moved",
		of: ["awaiting-approval"],
		needsReason: true,
		say: async (client, target) => client.rollout.reject.mutate({ ...target, intentHash: await intentOf(client, target) }),
	},
	{
		name: "retry",
		description: "the same once more, as a new rollout",
		of: ["rolled-back", "failed", "rejected"],
		needsReason: false,
		say: async (client, target) => started(client, await client.rollout.retry.mutate(target)),
	},
	{
		name: "rollback",
		description: "what served before the newest release, at once",
		of: ["promoted"],
		needsReason: true,
		say: async (client, target) => started(client, await client.rollout.rollback.mutate(target)),
	},
];

export function register(program: Command): void {
	for (const verb of verbs) {
		const command = withOutput(program.command(`${verb.name} <service>`).description(verb.description))
			.requiredOption("--env <environment>")
			.option("--rollout <number>", "instead of the newest");
		if (verb.needsReason) command.requiredOption("--reason <sentence>", "why; kept with the rollout and in the audit");
		else command.option("--reason <sentence>", "why; kept with the rollout and in the audit");
		if (verb.name === "promote") command.option("--full", "past all steps");
		withYes(command).option("--watch", "follow the rollout to its end; ends with 1 when it is not promoted");
		command.action(async (service: string, options: VerbOptions) => {
			const client = createClient(homeOf());
			const number =
				options.rollout === undefined ? await newestRollout(client, service, options.env, verb.of) : Number(options.rollout);
			const target = { service, environment: options.env, number, reason: options.reason ?? "" };
			if (isDangerous(verb.name, options)) await confirmVerb(client, target, verb.name, options);
			await tellRollout(client, await verb.say(client, target, options), options);
		});
	}
	registerServiceVerbs(program);
}

function registerServiceVerbs(program: Command): void {
	const verb = (words: string, description: string) =>
		withOutput(program.command(words).description(description))
			.requiredOption("--env <environment>")
			.option("--watch", "follow the rollout to its end; ends with 1 when it is not promoted");
	verb("scale <service> <instances>", "run so many instances, whatever the manifest says").action(
		async (service: string, text: string, options: VerbOptions) => {
			const instances = Number(text);
			if (!Number.isInteger(instances) || instances < 1)
				throw new AppError("invalid", `"${text}" is no number of instances: give 1 or more, or use \`sluice stop\`.`);
			const client = createClient(homeOf());
			const began = await client.service.scale.mutate({ service, environment: options.env, instances });
			await tellRollout(client, await started(client, began), options);
		},
	);
	verb("restart <service>", "new instances in place of those that run, one batch after the other").action(
		async (service: string, options: VerbOptions) => {
			const client = createClient(homeOf());
			const began = await client.service.restart.mutate({ service, environment: options.env });
			await tellRollout(client, await started(client, began), options);
		},
	);
	withYes(verb("stop <service>", "drain and stop all instances; `sluice scale` starts it again")).action(
		async (service: string, options: VerbOptions) => {
			const client = createClient(homeOf());
			await confirm(`Drain and stop all instances of ${service} in ${options.env}?`, options);
			const began = await client.service.stop.mutate({ service, environment: options.env });
			await tellRollout(client, await started(client, began), options);
		},
	);
}

/** The same as the pages ask for (app/verbs/rollout-verb-dialog.tsx): what the next command cannot take back. */
function isDangerous(verb: string, { full }: VerbOptions): boolean {
	return verb === "reject" || verb === "abort" || verb === "rollback" || (verb === "promote" && full === true);
}

/** Asks where the environment wants a change there confirmed. */
async function confirmVerb(client: Client, target: Target, verb: string, options: VerbOptions): Promise<void> {
	const { service, environment, number } = target;
	const page = await client.rollout.get.query({ service, environment, number });
	if (page.confirmation === "none") return;
	await confirm(`${verb} rollout ${number} of ${service} in ${environment} (${page.from ?? "-"} -> ${page.to})?`, options);
}

async function tellRollout(client: Client, row: RolloutRow, options: VerbOptions): Promise<void> {
	const shown = options.watch ? await watchRollout(client, row) : row;
	if (options.output === "json") printJson(shown);
	else if (!options.watch) tell(sentenceOf(shown));
}

function started(client: Client, name: { service: string; environment: string; number: number }): Promise<RolloutRow> {
	return client.rollout.get.query(name);
}

async function intentOf(client: Client, { service, environment, number }: Target): Promise<string> {
	return (await client.rollout.get.query({ service, environment, number })).intentHash;
}
