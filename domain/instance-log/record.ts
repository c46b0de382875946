import type { InstanceLine, LogStream, NumberedLine } from "./model";

/**
 * A line as a file keeps it: time, number, container, stream, text, with one space between. The text is the rest of the
 * line, whatever is in it: it never holds a line feed, as lines are what Docker split at them.
 */
export function recordOf(container: string, { time, number, stream, text }: NumberedLine): string {
	return `${time} ${number} ${container} ${letters[stream]} ${text.replaceAll("\n", " ")}\n`;
}

const letters = { out: "o", err: "e", note: "n" } as const satisfies Record<LogStream, string>;
const streams: Readonly<Record<string, LogStream>> = { o: "out", e: "err", n: "note" };

const timeLength = "2026-11-24T13:12:53.123456789Z".length;
const head = /^ (\d+) ([0-9a-f]{12}) ([oen]) /;

/** null = torn by a power cut, or not ours. Without its line end. */
export function parseRecord(instance: string, line: string): InstanceLine | null {
	const match = head.exec(line.slice(timeLength, timeLength + 40));
	const stream = streams[match?.[3] ?? ""];
	if (!match?.[1] || !match[2] || !stream) return null;
	const text = line.slice(timeLength + match[0].length);
	return { time: line.slice(0, timeLength), number: Number(match[1]), container: match[2], stream, text, instance };
}

/** Only the time, of a record or the beginning of one. */
export function recordTime(line: string): string {
	return line.slice(0, timeLength);
}

/** Did the file take this line before? `last` is the newest that it has of the same container. */
export function isTaken(
	last: Pick<NumberedLine, "time" | "number"> | null,
	line: Pick<NumberedLine, "time" | "number">,
): boolean {
	// Numbers alone would do, but an agent that lost its place counts from the start again.
	return last !== null && line.number <= last.number && line.time <= last.time;
}
