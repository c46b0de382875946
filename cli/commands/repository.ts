import type { Command } from "commander";
import type { RepositoryRow } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, withOutput } from "../output";
import { allPages } from "../pages";

const columns = {
	REPOSITORY: (row: RepositoryRow) => row.name,
	SERVICE: (row: RepositoryRow) => row.service,
	PIPELINE: (row: RepositoryRow) => (row.lastPipeline ? `${row.lastPipeline.number} ${row.lastPipeline.state}` : null),
	CLONE: (row: RepositoryRow) => row.cloneUrl,
};

export function register(program: Command): void {
	const repository = program.command("repository").description("git repositories served here");
	withOutput(repository.command("list").description("all of them")).action(async (options: OutputOptions) => {
		const client = createClient(homeOf());
		const rows = await allPages<RepositoryRow, string>(
			(page) => client.repository.list.query(page),
			({ name }) => name,
		);
		print(options, rows, columns);
	});
	withOutput(repository.command("create <name>").description("an empty one to push to")).action(
		async (name: string, options: OutputOptions) => {
			print(options, [await createClient(homeOf()).repository.create.mutate({ name })], columns);
		},
	);
}
