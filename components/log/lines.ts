export interface LogEntry {
	readonly sequence: number;
	/** What wrote it; a heading stands where it changes. */
	readonly group: string;
	readonly at: Date;
	/** One or more lines. */
	readonly text: string;
}

export interface LogLine {
	/** From 1, in the order shown. */
	readonly number: number;
	/** The line's address and its key, where numbers change as older lines come; left out = its number. */
	readonly anchor?: string;
	/** Which of several wrote it; the same tone (0 to 5) is the same colour. */
	readonly origin?: { readonly label: string; readonly tone: number };
	readonly group: string;
	readonly at: Date;
	/** With its colour codes. */
	readonly text: string;
	/** First of its group. */
	readonly opens: boolean;
}

/** What stands behind the `#` of an address that names the line. */
export function anchorOf({ anchor, number }: Pick<LogLine, "anchor" | "number">): string {
	return anchor ?? `L${number}`;
}

/** Lines of the log in order of their sequence; a second copy of an entry is ignored. */
export function linesOf(entries: readonly LogEntry[]): LogLine[] {
	const lines: LogLine[] = [];
	let last = Number.NEGATIVE_INFINITY;
	let group: string | null = null;
	for (const entry of [...entries].sort((a, b) => a.sequence - b.sequence)) {
		if (entry.sequence === last) continue;
		last = entry.sequence;
		for (const text of entry.text.replace(/\n$/, "").split("\n")) {
			lines.push({
				number: lines.length + 1,
				group: entry.group,
				at: entry.at,
				text: overwritten(text),
				opens: entry.group !== group,
			});
			group = entry.group;
		}
	}
	return lines;
}

/** A carriage return starts the line again: what a terminal would show last is kept. */
export function overwritten(text: string): string {
	if (!text.includes("\r")) return text;
	return text.split("\r").findLast((part) => part !== "") ?? "";
}
