import { compareLines, type InstanceLine, type LinePlace } from "@/domain/instance-log/model";
import { parseRecord } from "@/domain/instance-log/record";
import { hasWords } from "@/domain/instance-log/search";
import { type LineFile, openLines } from "./block";
import { type Segment, sizeOf } from "./segment";

export type Direction = "backward" | "forward";

export interface Wanted {
	readonly direction: Direction;
	/** Exclusive: only lines behind it in the direction. */
	readonly from: LinePlace | null;
	/** Line times: included, and excluded. */
	readonly since: string | null;
	readonly until: string | null;
	/** As `searchable` makes them; "" = all. */
	readonly words: string;
}

/** Behind every line of that time and instance. */
const behindAll = 999_999_999_999_999;

/** What is wanted of one segment, read a block at a time in one direction. */
export class Source {
	/** Found and not yet taken; the next one is the last. */
	readonly #found: InstanceLine[] = [];
	/** Everything up to here was looked at: what is still to come lies behind it. */
	#edge: LinePlace;
	#file: LineFile | null = null;
	#offset = 0;
	#isDone = false;

	constructor(
		private readonly segment: Segment,
		lastTime: string,
		private readonly wanted: Wanted,
	) {
		const { instance } = segment;
		this.#edge =
			wanted.direction === "backward"
				? { time: lastTime, instance, number: behindAll }
				: { time: segment.from, instance, number: 0 };
	}

	get next(): InstanceLine | null {
		return this.#found.at(-1) ?? null;
	}

	take(): InstanceLine | null {
		return this.#found.pop() ?? null;
	}

	/** The next line, or how far it was looked at; null = nothing more comes. */
	get place(): LinePlace | null {
		return this.next ?? (this.#isDone ? null : this.#edge);
	}

	/** Looks at the next block; how many bytes that were. Only when `next` is null. */
	async load(): Promise<number> {
		const file = await this.#open();
		const isBackward = this.wanted.direction === "backward";
		const block = file && (isBackward ? await file.before(this.#offset) : await file.after(this.#offset));
		if (!block) {
			this.#isDone = true;
			return 0;
		}
		this.#offset = isBackward ? block.start : block.end;
		// Most blocks of a search hold nothing, which is seen before lines are made of them.
		if (hasWords(block.text, this.wanted.words)) {
			// The next one is taken from the end.
			for (const text of isBackward ? block.lines : block.lines.toReversed()) this.#add(text);
		}
		const farthest = parseRecord(this.segment.instance, isBackward ? block.first : block.last);
		if (farthest) {
			this.#edge = farthest;
			const { since, until } = this.wanted;
			this.#isDone = isBackward ? since !== null && farthest.time < since : until !== null && farthest.time >= until;
		}
		return block.end - block.start;
	}

	#add(text: string): void {
		const { direction, from, since, until, words } = this.wanted;
		// So are most lines.
		if (words !== "" && !hasWords(text, words)) return;
		const line = parseRecord(this.segment.instance, text);
		if (!line || (words !== "" && !hasWords(line.text, words))) return;
		if ((since !== null && line.time < since) || (until !== null && line.time >= until)) return;
		const order = from === null ? 0 : compareLines(line, from);
		if (from !== null && (direction === "backward" ? order >= 0 : order <= 0)) return;
		this.#found.push(line);
	}

	async #open(): Promise<LineFile | null> {
		if (this.#file) return this.#file;
		// Tidied since it was listed.
		if ((await sizeOf(this.segment.file)) === 0) return null;
		const file = await openLines(this.segment.file);
		this.#file = file;
		const { direction, from, since, until } = this.wanted;
		if (direction === "forward") {
			const start = later(since, from?.time ?? null);
			this.#offset = start === null ? 0 : await file.find(start);
		} else {
			// A time with something behind it sorts after all lines of that time.
			const end = earlier(until, from === null ? null : `${from.time}~`);
			this.#offset = end === null ? file.size : await file.find(end);
		}
		return file;
	}

	async close(): Promise<void> {
		await this.#file?.close();
		this.#file = null;
	}
}

function later(a: string | null, b: string | null): string | null {
	return a === null || (b !== null && b > a) ? b : a;
}

function earlier(a: string | null, b: string | null): string | null {
	return a === null || (b !== null && b < a) ? b : a;
}
