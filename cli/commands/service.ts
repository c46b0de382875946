import type { Command } from "commander";
import type { RunningVersion, ServiceRow } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printJson, withOutput } from "../output";

function version(version: RunningVersion | undefined): string | null {
	if (!version || version.state === "never-deployed") return null;
	return `release ${version.stable?.number ?? "-"}, ${version.state}, ${version.healthy} of ${version.declared}`;
}

const columns = {
	SERVICE: (row: ServiceRow) => row.name,
	OWNER: (row: ServiceRow) => row.owner,
	STAGING: (row: ServiceRow) => version(row.environments.find((one) => one.environment === "staging")),
	PRODUCTION: (row: ServiceRow) => version(row.environments.find((one) => one.environment === "production")),
};

export function register(program: Command): void {
	const service = program.command("service").description("what is in the catalog");
	withOutput(service.command("list").description("all services and what runs where")).action(async (options: OutputOptions) => {
		print(options, await createClient(homeOf()).service.list.query({}), columns);
	});
	withOutput(service.command("show <name>").description("one service")).action(async (name: string, options: OutputOptions) => {
		const page = await createClient(homeOf()).service.get.query({ service: name });
		if (options.output === "json") printJson(page);
		else print(options, [page], columns);
	});
}
