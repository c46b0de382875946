import { type Command, Option } from "commander";
import { countedInstances, type VersionState, versionStates } from "@/domain/version-state";
import type { RunningVersion, ServiceCount, ServiceRow } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printJson, withOutput } from "../output";
import { allPages } from "../pages";

function version(version: RunningVersion | undefined): string | null {
	if (!version || version.state === "never-deployed") return null;
	return `release ${version.stable?.number ?? "-"}, ${version.state}, ${version.healthy} of ${countedInstances(version)}`;
}

const columns = {
	SERVICE: (row: ServiceRow) => row.name,
	OWNER: (row: ServiceRow) => row.owner,
	STAGING: (row: ServiceRow) => version(row.environments.find((one) => one.environment === "staging")),
	PRODUCTION: (row: ServiceRow) => version(row.environments.find((one) => one.environment === "production")),
};

const countColumns = {
	FOUND: ({ found, isMore }: ServiceCount) => (isMore ? `more than ${found}` : found),
	ALL: ({ all }: ServiceCount) => all,
};

interface FilterOptions {
	readonly search?: string;
	readonly env?: string;
	readonly state?: VersionState;
}

function withFilter(command: Command): Command {
	return command
		.option("--search <words>", "all of them in its name, description, owner or repository")
		.option("--env <name>", "with --state: in that state there; without: to go there")
		.addOption(new Option("--state <state>", "in this state in some environment").choices(versionStates));
}

function filterOf({ search, env, state }: FilterOptions) {
	return { search, environment: env, state };
}

export function register(program: Command): void {
	const service = program.command("service").description("what is in the catalog");
	withFilter(withOutput(service.command("list").description("all services and what runs where"))).action(
		async (options: OutputOptions & FilterOptions) => {
			const client = createClient(homeOf());
			const filter = filterOf(options);
			const rows = await allPages<ServiceRow, string>(
				(page) => client.service.list.query({ ...filter, ...page }),
				({ name }) => name,
			);
			print(options, rows, columns);
		},
	);
	withFilter(withOutput(service.command("count").description("how many services match, and how many there are"))).action(
		async (options: OutputOptions & FilterOptions) => {
			const count = await createClient(homeOf()).service.count.query(filterOf(options));
			print(options, [count], countColumns);
		},
	);
	withOutput(service.command("show <name>").description("one service")).action(async (name: string, options: OutputOptions) => {
		const page = await createClient(homeOf()).service.get.query({ service: name });
		if (options.output === "json") printJson(page);
		else print(options, [page], columns);
	});
}
