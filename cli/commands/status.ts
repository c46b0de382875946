import { setTimeout as pause } from "node:timers/promises";
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

async function linesNow(home: string): Promise<ComponentLine[]> {
	const components = statusOf(home);
	if (components === null) throw new AppError("unavailable", `There is no installation in ${home}: run \`sluice up\` first.`);
	return [...components, ...(await ownServerLines(home))];
}

const watchEveryMs = 1_000;

/** Lines that say something else than the last time, and what is not there any more; `said` is brought up to date. */
export function changedLines(
	said: Map<string, string>,
	lines: readonly ComponentLine[],
): readonly (ComponentLine | { readonly component: string; readonly state: "gone" })[] {
	const gone = [...said.keys()].filter((component) => !lines.some((line) => line.component === component));
	const changed = lines.filter(({ component, state, pid, restarts }) => said.get(component) !== `${state} ${pid} ${restarts}`);
	for (const component of gone) said.delete(component);
	for (const { component, state, pid, restarts } of changed) said.set(component, `${state} ${pid} ${restarts}`);
	return [...changed, ...gone.map((component) => ({ component, state: "gone" as const }))];
}

/** All lines, then each one that changed, until it is interrupted; as JSON one line is one object. */
async function follow(home: string, output: "table" | "json"): Promise<never> {
	const said = new Map<string, string>();
	for (;;) {
		for (const line of changedLines(said, await linesNow(home))) {
			const at = new Date().toISOString();
			const restarts = "restarts" in line && line.restarts > 0 ? `, ${line.restarts} restarts` : "";
			const words = `${at.slice(11, 19)}  ${line.component}  ${line.state}${restarts}`;
			process.stdout.write(`${output === "json" ? JSON.stringify({ at, ...line }) : words}\n`);
		}
		await pause(watchEveryMs);
	}
}

export function register(program: Command): void {
	program
		.command("status")
		.description("what runs; ends with 1 when something does not")
		.addOption(new Option("--output <format>").choices(["table", "json"]).default("table"))
		.option("--watch", "go on with what changes, until it is interrupted")
		.action(async (options: { output: "table" | "json"; watch?: true }) => {
			if (options.watch) return follow(homeOf(), options.output);
			const lines = await linesNow(homeOf());
			process.stdout.write(`${options.output === "json" ? JSON.stringify(lines, null, "\t") : table(lines, Date.now())}\n`);
			if (!lines.every(isWell)) process.exitCode = 1;
		});
}
