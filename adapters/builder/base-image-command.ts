import { runProcess, systemEnvironment } from "@/adapters/builder/process";
import { AppError } from "@/domain/errors";

/** One program of the making of a base image; its own lines of progress are told. Throws `unavailable` when it fails. */
export async function run(
	argv: string[],
	cwd: string,
	onProgress?: (line: string) => void,
	kept: "tail" | "all" = "tail",
): Promise<{ output: string }> {
	const onOutput = (chunk: Buffer): void => {
		for (const line of chunk.toString("utf8").split("\n")) if (line.startsWith("I: ")) onProgress?.(line.slice(3));
	};
	const { code, output } = await runProcess(argv, { cwd, env: systemEnvironment(), onOutput, kept });
	if (code !== 0) throw new AppError("unavailable", `The base image cannot be made: ${argv[0]} failed: ${lastLine(output)}`);
	return { output };
}

export function lastLine(text: string): string {
	return text.trimEnd().split("\n").at(-1) ?? "";
}
