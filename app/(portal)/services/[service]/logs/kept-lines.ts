import { compareLines, type InstanceLine, lineTimeMs, parsePlace, placeText } from "@/domain/instance-log/model";
import { hasWords, searchable } from "@/domain/instance-log/search";

/** What the page asks for. */
export interface LogWish {
	readonly service: string;
	readonly environment: string;
	/** "" = all of them. */
	readonly instance: string;
	/** Milliseconds back from now; null = everything that is kept. */
	readonly spanMs: number | null;
	/** "" = every line. */
	readonly search: string;
}

export interface KeptLines {
	/** In order, each once. */
	readonly lines: readonly InstanceLine[];
	/** Where older ones go on; null = there are none. */
	readonly older: string | null;
}

/** More would make the page slow; the oldest go, and can be asked for again. */
const mostLines = 20_000;

export const none: KeptLines = { lines: [], older: null };

/** With lines that came, by page or by stream: those that are here already are left out, and late ones find their place. */
export function withLines(kept: KeptLines, more: readonly InstanceLine[], older: string | null = kept.older): KeptLines {
	const seen = new Set(kept.lines.map(keyOf));
	const fresh = more.filter((line) => !seen.has(keyOf(line)));
	if (fresh.length === 0) return older === kept.older ? kept : { ...kept, older };
	const lines = [...kept.lines, ...fresh].sort(compareLines);
	if (lines.length <= mostLines) return { lines, older };
	const rest = lines.slice(-mostLines);
	return { lines: rest, older: rest[0] ? placeText(rest[0]) : older };
}

/** Of a stream's lines those that the wish is for. */
export function wished(lines: readonly InstanceLine[], { search }: LogWish): InstanceLine[] {
	return lines.filter(({ text }) => hasWords(text, searchable(search)));
}

/** Where a page that shows the line of this address begins to read, backwards: just behind it. null = it names no line. */
export function behindLinked(hash: string): string | null {
	const place = parsePlace(decodeURIComponent(hash.replace(/^#/, "")));
	return place && placeText({ ...place, number: place.number + 1 });
}

export function newestMs(lines: readonly InstanceLine[]): number {
	const last = lines.at(-1);
	return last ? lineTimeMs(last.time) : 0;
}

function keyOf({ container, number }: InstanceLine): string {
	return `${container} ${number}`;
}
