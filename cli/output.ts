import { type Command, Option } from "commander";

export interface OutputOptions {
	readonly output: "table" | "json";
}

/** Every command that prints data has it; data goes to stdout, everything else to stderr. */
export function withOutput(command: Command): Command {
	return command.addOption(new Option("--output <format>", "how to print").choices(["table", "json"]).default("table"));
}

/** Prints rows as a table, or the data itself as JSON. */
export function print<T>(
	{ output }: OutputOptions,
	data: readonly T[],
	columns: Readonly<Record<string, (row: T) => string | number | null>>,
): void {
	if (output === "json") {
		printJson(data);
		return;
	}
	const header = Object.keys(columns);
	const rows = data.map((row) => Object.values(columns).map((cell) => String(cell(row) ?? "")));
	const widths = header.map((name, column) => Math.max(name.length, ...rows.map((cells) => cells[column]?.length ?? 0)));
	for (const cells of [header, ...rows]) {
		process.stdout.write(
			`${cells
				.map((cell, column) => cell.padEnd(widths[column] ?? 0))
				.join("  ")
				.trimEnd()}\n`,
		);
	}
}

export function printJson(data: unknown): void {
	process.stdout.write(`${JSON.stringify(data, null, "\t")}\n`);
}

/** What a change did: its data for a program, or a sentence for a person. */
export function printDone({ output }: OutputOptions, data: unknown, sentence: string): void {
	if (output === "json") printJson(data);
	else tell(sentence);
}

export function tell(sentence: string): void {
	process.stderr.write(`${sentence}\n`);
}
