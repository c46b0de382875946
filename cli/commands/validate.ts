import type { Command } from "commander";
import { createClient } from "../client";
import { homeOf } from "../home";
import { readManifest } from "../manifest-file";
import { type OutputOptions, printDone, withOutput } from "../output";

export function register(program: Command): void {
	withOutput(program.command("validate").description("is this manifest understood? changes nothing"))
		.option("-f, --file <manifest>", "the manifest", "sluice.yaml")
		.action(async (options: OutputOptions & { file: string }) => {
			const { file } = options;
			const checked = await createClient(homeOf()).manifest.check.query({ manifest: readManifest(file), file });
			printDone(options, checked, `${file} is right: it is the manifest of ${checked.service}.`);
		});
}
