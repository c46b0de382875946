import type { RunResult } from "@/adapters/builder/port";
import { setTests } from "@/server/store/pipeline";
import { buildStage } from "@/workflows/activities/build";
import { readManifest } from "@/workflows/activities/manifest-file";
import { type PipelineActivityDeps, type StepContext, StepFailure, type StepResult } from "@/workflows/activities/pipeline-step";

const limits = { memoryBytes: 2 * 1024 ** 3, cpus: 2, processes: 2_048 };
const deadlineMs = 30 * 60 * 1000;
const keptLines = 8;

/** Builds the stage with the tests and runs the command in it. Without `Delivery.test` there are none, and it says so. */
export async function runTests(deps: PipelineActivityDeps, context: StepContext): Promise<StepResult<null>> {
	const { source } = context;
	const manifest = await readManifest(deps, context);
	if (manifest.test === null) {
		await setTests(deps.database, source.id, "none");
		return { state: "skipped", message: "No tests: sluice.yaml has no Delivery.test.", value: null };
	}
	await deps.builder.clear(source.id);
	const build = manifest.build ?? { context: ".", dockerfile: "Dockerfile" };
	const { image } = await buildStage(deps, context, { build, target: manifest.test.target, tag: null });
	const tail = new TailLines(keptLines);
	try {
		context.say(`$ ${manifest.test.command.join(" ")}`);
		const result = await deps.builder.run(
			{ build: source.id, image, command: manifest.test.command, variables: { CI: "true" }, limits, deadlineMs },
			(text) => {
				tail.add(text);
				context.output(text);
			},
			context.signal,
		);
		if (result.kind === "exited" && result.code === 0) {
			await setTests(deps.database, source.id, "passed");
			return { state: "passed", message: null, value: null };
		}
		await setTests(deps.database, source.id, "failed");
		throw new StepFailure(`${sentence(result)}${tail.text === "" ? "" : `\n${tail.text}`}`);
	} finally {
		await deps.builder.removeImage(image);
	}
}

function sentence(result: RunResult): string {
	if (result.kind === "exited") return `The tests failed: the command ended with exit code ${result.code}.`;
	if (result.kind === "out-of-memory") return "The tests were stopped: they needed more than 2 GB of memory.";
	return `The tests did not end within ${deadlineMs / 60_000} minutes and were stopped.`;
}

/** The last lines of an output that comes in pieces. */
class TailLines {
	private kept = "";
	constructor(private readonly lines: number) {}

	add(text: string): void {
		this.kept = (this.kept + text)
			.split("\n")
			.slice(-this.lines - 1)
			.join("\n");
	}

	get text(): string {
		return this.kept.trimEnd();
	}
}
