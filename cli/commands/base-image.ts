import type { Command } from "commander";
import type { ListedBaseImage } from "@/domain/pipeline/base-image";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, withOutput } from "../output";

const columns = {
	NAME: (row: ListedBaseImage) => row.name,
	ARGUMENT: (row: ListedBaseImage) => row.argument,
	"STANDS FOR": (row: ListedBaseImage) => row.hub,
	CONTENTS: (row: ListedBaseImage) => row.parts.map(({ name, version }) => `${name} ${version}`).join(", "),
	"MADE FROM": (row: ListedBaseImage) => row.parts.map(({ source }) => source).join(", "),
	IMAGE: (row: ListedBaseImage) => (row.digest === null ? "made at the first build" : `${row.reference}@${row.digest}`),
};

export function register(program: Command): void {
	const image = program.command("base-image").description("bases for builds where Docker Hub cannot be reached");
	withOutput(image.command("list").description("what a Dockerfile may ask for by an argument before its first stage")).action(
		async (options: OutputOptions) => print(options, await createClient(homeOf()).baseImage.list.query(), columns),
	);
}
