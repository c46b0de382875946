import { type Command, Option } from "commander";
import { AppError } from "@/domain/errors";
import { type ComponentLine, isWell, ownServerLines, statusOf } from "@/platform/status";
import { homeOf } from "../home";

function since(line: ComponentLine, now: number): string {
	if (line.since === 0) return "";
	const seconds = Math.round((now - line.since) / 1000);
	if (seconds < 120) return `${seconds} s`;
	return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function row(line: ComponentLine, now: number): string[] {
	const memory = line.memoryBytes === null ? "" : `${Math.round(line.memoryBytes / 1e6)} MB`;
	return [line.component, line.state, line.pid === null ? "" : String(line.pid), memory, String(line.restarts), since(line, now)];
}

function table(lines: readonly ComponentLine[], now: number): string {
	const rows = [["COMPONENT", "STATE", "PID", "MEMORY", "RESTARTS", "FOR"], ...lines.map((line) => row(line, now))];
	const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
	return rows
		.map((cells) =>
			cells
				.map((cell, column) => cell.padEnd(widths[column] ?? 0))
				.join("  ")
				.trimEnd(),
		)
		.join("\n");
}

export function register(program: Command): void {
	program
		.command("status")
		.description("what runs; ends with 1 when something does not")
		.addOption(new Option("--output <format>").choices(["table", "json"]).default("table"))
		.action(async (options: { output: "table" | "json" }) => {
			const components = statusOf(homeOf());
			const lines = components && [...components, ...(await ownServerLines(homeOf()))];
			if (lines === null) throw new AppError("unavailable", `There is no installation in ${homeOf()}: run \`sluice up\` first.`);
			process.stdout.write(`${options.output === "json" ? JSON.stringify(lines, null, "\t") : table(lines, Date.now())}\n`);
			if (!lines.every(isWell)) process.exitCode = 1;
		});
}
