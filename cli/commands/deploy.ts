import type { Command } from "commander";
import { AppError } from "@/domain/errors";
import { parseManifest } from "@/domain/manifest/parse";
import { createClient } from "../client";
import { homeOf } from "../home";
import { readManifest } from "../manifest-file";
import { type OutputOptions, printJson, tell, withOutput } from "../output";
import { watchRollout } from "./rollout";

interface DeployOptions extends OutputOptions {
	readonly file: string;
	readonly image?: string;
	readonly release?: string;
	readonly env: string;
	readonly watch?: boolean;
	readonly overrideFreeze?: string;
}

export function register(program: Command): void {
	withOutput(program.command("deploy [service]").description("roll a release out; makes the service when it is new"))
		.option("-f, --file <manifest>", "the manifest", "sluice.yaml")
		.option("--image <repository@digest>", "what `sluice image push` printed; without it the image that the manifest names")
		.option("--release <number>", "a release that was recorded before")
		.requiredOption("--env <environment>", "staging or production")
		.option("--override-freeze <reason>", "of an administrator: roll out although the environment is frozen")
		.option("--watch", "follow the rollout to its end; ends with 1 when it is not promoted")
		.action(async (service: string | undefined, options: DeployOptions) => {
			const client = createClient(homeOf());
			const { image } = options;
			if (image !== undefined && options.release !== undefined) {
				throw new AppError("invalid", "Say what to deploy: either --image or --release.");
			}
			if (image === undefined && options.release === undefined) requireOwnImage(options.file);
			const what =
				options.release !== undefined
					? { service: service ?? serviceOf(options.file), release: Number(options.release) }
					: { manifest: readManifest(options.file), file: options.file, ...(image === undefined ? {} : { image }) };
			if (service !== undefined && service !== ("service" in what ? what.service : serviceOf(options.file))) {
				throw new AppError("invalid", `${options.file} is not of ${service}: name its manifest with -f.`);
			}
			const { env: environment, overrideFreeze } = options;
			const started = await client.rollout.deploy.mutate({ ...what, environment, overrideFreeze });
			tell(`Rollout ${started.number} of ${started.service} to ${started.environment} is started.`);
			if (options.watch) await watchRollout(client, started);
			if (options.output === "json") printJson(started);
		});
}

/** Without words it is the image that the manifest names. */
function requireOwnImage(file: string): void {
	if (parseManifest(readManifest(file), file).image !== undefined) return;
	throw new AppError("invalid", `Say what to deploy: --image or --release, or write \`image: name:tag\` into ${file}.`);
}

function serviceOf(file: string): string {
	return parseManifest(readManifest(file), file).service;
}
