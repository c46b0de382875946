import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "@/domain/errors";
import { type InstanceLine, lineTimeMs } from "@/domain/instance-log/model";
import { hasWords, searchable, withoutEscapes } from "@/domain/instance-log/search";
import type { LoggedInstanceRow } from "@/server/views";
import { createClient, followLive } from "../client";
import { type OutputOptions, print, tell } from "../output";

export interface ServiceLogOptions extends OutputOptions {
	readonly service: string;
	readonly environment: string;
	readonly follow?: true;
	readonly lines: number;
	readonly since?: Date;
	readonly instance?: string;
	readonly search?: string;
}

const pageLines = 2_000;
const againMs = 1_000;

const instanceColumns = {
	INSTANCE: (row: LoggedInstanceRow) => row.id,
	RELEASE: (row: LoggedInstanceRow) => String(row.release ?? ""),
	HOST: (row: LoggedInstanceRow) => row.host ?? "",
	STATE: (row: LoggedInstanceRow) => (row.isGone ? "gone" : "running"),
};

/** What has a log, gone or not. */
export async function showLoggedInstances(
	home: string,
	service: string,
	environment: string,
	options: OutputOptions,
): Promise<void> {
	print(options, await createClient(home).log.instances.query({ service, environment }), instanceColumns);
}

/** The last lines, and with `follow` what comes: one line a line of output, or of JSON. */
export async function showServiceLogs(home: string, options: ServiceLogOptions): Promise<void> {
	const lines = options.lines === 0 ? [] : await lastLines(home, options);
	for (const line of lines) printLine(options, line);
	if (options.follow) await follow(home, options, lines);
}

async function lastLines(home: string, options: ServiceLogOptions): Promise<InstanceLine[]> {
	const { service, environment, instance = null, search = "" } = options;
	const since = options.since?.toISOString() ?? null;
	const client = createClient(home);
	let found: InstanceLine[] = [];
	let from: string | null = null;
	do {
		const limit = Math.min(pageLines, options.lines - found.length);
		const asked = { service, environment, instance, since, search, from, limit, direction: "backward" as const };
		const page: { lines: readonly InstanceLine[]; next: string | null } = await client.log.read.query(asked);
		found = [...page.lines, ...found];
		from = page.next;
	} while (from !== null && found.length < options.lines);
	return found;
}

async function follow(home: string, options: ServiceLogOptions, shown: readonly InstanceLine[]): Promise<void> {
	const { service, environment, instance, search = "" } = options;
	const path = ["log", service, environment, ...(instance === undefined ? [] : [instance])].map(encodeURIComponent).join("/");
	const known = new Recent();
	for (const line of shown) known.isNew(line);
	let newestMs = shown.reduce((newest, line) => Math.max(newest, lineTimeMs(line.time)), 0);
	const begunMs = Date.now();
	for (;;) {
		try {
			for await (const lines of followLive<InstanceLine[]>(home, `${path}?after=${newestMs}`)) {
				for (const line of lines) {
					const atMs = lineTimeMs(line.time);
					// What is told again after a break, and what stood before the last lines that were asked for.
					const isWanted = known.isNew(line) && atMs >= (shown[0] ? lineTimeMs(shown[0].time) : begunMs);
					if (isWanted && hasWords(line.text, searchable(search))) printLine(options, line);
					newestMs = Math.max(newestMs, atMs);
				}
			}
		} catch (error) {
			// A portal that restarts comes back; who may not read is told so.
			if (error instanceof AppError && error.code !== "unavailable") throw error;
		}
		tell("The portal went away; following again.");
		await pause(againMs);
	}
}

/** Lines that were seen lately, by container and number. */
class Recent {
	readonly #seen = new Set<string>();

	isNew({ container, number }: InstanceLine): boolean {
		const key = `${container} ${number}`;
		if (this.#seen.has(key)) return false;
		this.#seen.add(key);
		for (const oldest of this.#seen) {
			if (this.#seen.size <= 50_000) break;
			this.#seen.delete(oldest);
		}
		return true;
	}
}

function printLine({ output }: OutputOptions, line: InstanceLine): void {
	if (output === "json") {
		process.stdout.write(`${JSON.stringify(line)}\n`);
		return;
	}
	const isColoured = process.stdout.isTTY && !process.env.NO_COLOR;
	process.stdout.write(`${line.time.slice(0, 23)}Z ${line.instance} ${harmless(line.text, isColoured)}\n`);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the control characters
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const colours = /(\u001b\[[0-9;]*m)/;

/** A program's output must not steer the reader's terminal: colours at most. */
function harmless(text: string, isColoured: boolean): string {
	if (!isColoured) return withoutEscapes(text).replace(controls, " ");
	const parts = text.split(colours).map((part, index) => (index % 2 === 1 ? part : withoutEscapes(part).replace(controls, " ")));
	return `${parts.join("")}\u001b[0m`;
}
