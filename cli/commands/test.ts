import type { Command } from "commander";

export function register(program: Command): void {
	program
		.command("test [filter]")
		.description("run all tests in an installation of their own, beside a running `up`")
		.action(async (filter: string | undefined) => {
			const { runTests } = await import("@/platform/test/run");
			process.exitCode = await runTests(filter);
		});
}
