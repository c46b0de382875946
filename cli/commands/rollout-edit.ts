import type { Command } from "commander";
import { AppError } from "@/domain/errors";
import { stepOfWord } from "@/domain/rollout/step-words";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, printDone, withOutput } from "../output";
import { newestRollout } from "./rollout";

interface EditOptions extends OutputOptions {
	readonly env: string;
	readonly rollout?: string;
	readonly step: readonly string[];
	readonly reason: string;
}

const more = (word: string, before: readonly string[] = []): readonly string[] => [...before, word];

export function register(program: Command): void {
	withOutput(program.command("edit <service>").description("other steps for a rollout in which nothing has moved yet"))
		.requiredOption("--env <environment>")
		.option("--rollout <number>", "instead of the newest")
		.requiredOption("--step <step>", "weight=5, pause=10m, pause or analysis=2; given again for each step, in order", more)
		.option("--reason <sentence>", "why; kept with the rollout and in the audit", "")
		.action(async (service: string, options: EditOptions) => {
			const client = createClient(homeOf());
			const { env: environment, reason } = options;
			const number =
				options.rollout === undefined
					? await newestRollout(client, service, environment, ["awaiting-approval", "queued"])
					: Number(options.rollout);
			const steps = options.step.map((word) => {
				const step = stepOfWord(word);
				if (step === null) throw new AppError("invalid", `"${word}" is no step: it is weight=5, pause=10m, pause or analysis=2.`);
				return step;
			});
			const row = await client.rollout.edit.mutate({ service, environment, number, reason, steps });
			printDone(options, row, `Rollout ${number} of ${service} in ${environment} has ${steps.length} steps.`);
		});
}
