import type { Command } from "commander";
import { hasEnded } from "@/domain/pipeline/model";
import type { PipelinePage, PipelineRow } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printDone, printJson, tell, withOutput } from "../output";
import { watch } from "../wait";

const columns = {
	REPOSITORY: (row: PipelineRow) => row.repository,
	NUMBER: (row: PipelineRow) => row.number,
	STATE: (row: PipelineRow) => row.state,
	BRANCH: (row: PipelineRow) => row.branch,
	COMMIT: (row: PipelineRow) => row.commit.slice(0, 7),
	TESTS: (row: PipelineRow) => (row.tests === "none" ? "no tests" : row.tests),
	RELEASE: (row: PipelineRow) => row.release,
	REASON: (row: PipelineRow) => row.reason,
};

const stepColumns = {
	STEP: (step: PipelinePage["steps"][number]) => step.name,
	STATE: (step: PipelinePage["steps"][number]) => step.state,
	SAYS: (step: PipelinePage["steps"][number]) => step.message,
};

export function register(program: Command): void {
	const pipeline = program.command("pipeline").description("from a push to a release");
	withOutput(pipeline.command("list").description("the newest pipelines"))
		.option("--repository <name>")
		.option("--limit <number>", "at most so many", "50")
		.action(async (options: OutputOptions & { repository?: string; limit: string }) => {
			const { repository, limit } = options;
			print(options, await createClient(homeOf()).pipeline.list.query({ repository, limit: Number(limit) }), columns);
		});
	withOutput(
		pipeline
			.command("logs <repository> <number>")
			.description("its log; as JSON one line is one object; ends with 1 when a followed pipeline does not pass"),
	)
		.option("-f, --follow", "until it ends")
		.action(async (repository: string, number: string, { follow, output }: OutputOptions & { follow?: boolean }) => {
			const client = createClient(homeOf());
			const name = { repository, number: Number(number) };
			let after = 0;
			const rest = async (): Promise<void> => {
				for (;;) {
					const { lines, next } = await client.pipeline.log.query({ ...name, after });
					for (const line of lines) {
						const text = output === "json" ? JSON.stringify(line) : line.text;
						process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
					}
					if (next === after) return;
					after = next;
				}
			};
			if (!follow) return rest();
			const ended = await watch(
				async () => {
					const page = await client.pipeline.get.query(name);
					await rest();
					return page;
				},
				() => {},
				(page) => hasEnded(page.state),
			);
			tell(`${ended.state}${ended.reason ? `: ${ended.reason}` : ""}`);
			if (ended.state !== "passed") process.exitCode = 1;
		});
	withOutput(pipeline.command("cancel <repository> <number>").description("stop it, its build included")).action(
		async (repository: string, number: string, options: OutputOptions) => {
			const row = await createClient(homeOf()).pipeline.cancel.mutate({ repository, number: Number(number) });
			printDone(options, row, `Pipeline ${row.number} of ${row.repository} is being cancelled.`);
		},
	);
	withOutput(pipeline.command("show <repository> <number>").description("one pipeline and its steps")).action(
		async (repository: string, number: string, options: OutputOptions) => {
			const page = await createClient(homeOf()).pipeline.get.query({ repository, number: Number(number) });
			if (options.output === "json") printJson(page);
			else print(options, page.steps, stepColumns);
		},
	);
}
