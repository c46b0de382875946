/** What one line of an instance's output is, and how much of it is kept. */

/** `out` and `err` are the program's; `note` is a sentence of Sluice's own: what was cut, dropped or lost here. */
export type LogStream = "out" | "err" | "note";

/** Known by container and number: the agent counts every line that Docker has of a container, so a line sent twice is seen as such. */
export interface NumberedLine {
	/** Docker's time of it in UTC, to the nanosecond, always 30 characters: sorting the text sorts the time. */
	readonly time: string;
	readonly number: number;
	readonly stream: LogStream;
	/** Without its line end; colours and carriage returns as they came. */
	readonly text: string;
}

export interface InstanceLine extends NumberedLine {
	readonly instance: string;
	/** The first 12 characters of its id. */
	readonly container: string;
}

/** Docker's own pieces are as long: what is longer is cut, and says so. */
export const lineLimitBytes = 16 * 1024;

/** In one second by the lines' own time, so that catching up after an outage drops nothing. */
export const rateLimit = { lines: 5_000, bytes: 2 * 1024 * 1024 } as const;

/** How long the home keeps a line, and how much of one service; the oldest goes first. */
export const retention = { keptMs: 14 * 24 * 60 * 60_000, serviceBytes: 1024 * 1024 * 1024 } as const;

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/;

export function isLineTime(text: string): boolean {
	return timePattern.test(text) && !Number.isNaN(Date.parse(text));
}

/** Milliseconds since 1970. */
export function lineTimeMs(time: string): number {
	return Date.parse(`${time.slice(0, 23)}Z`);
}

/** The first line time of that millisecond. */
export function lineTimeOf(ms: number): string {
	return `${new Date(ms).toISOString().slice(0, 23)}000000Z`;
}

/** An instance's id and a container's short id become names of files. */
export function isInstanceId(text: string): boolean {
	return /^[a-z0-9](?:[a-z0-9-]{0,158}[a-z0-9])?$/.test(text);
}

export function isContainerId(text: string): boolean {
	return /^[0-9a-f]{12}$/.test(text);
}

/** By time, and among equals always alike: what is read in pages has one order only. */
export function compareLines(a: LinePlace, b: LinePlace): number {
	return compare(a.time, b.time) || compare(a.instance, b.instance) || a.number - b.number;
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** Where a line stands in the order of all lines of its service and environment. */
export type LinePlace = Pick<InstanceLine, "time" | "instance" | "number">;

/** A line's place as one word, for addresses: `2026-11-24T13:12:53.123456789Z~42~orders-staging-7-12b`. */
export function placeText({ time, number, instance }: LinePlace): string {
	return `${time}~${number}~${instance}`;
}

/** null = not made by `placeText`. */
export function parsePlace(text: string): LinePlace | null {
	const [time = "", number = "", instance = "", ...rest] = text.split("~");
	if (!isLineTime(time) || !/^\d{1,15}$/.test(number) || !isInstanceId(instance) || rest.length > 0) return null;
	return { time, number: Number(number), instance };
}
