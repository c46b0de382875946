import { isLineTime, lineLimitBytes, type NumberedLine, rateLimit } from "@/domain/instance-log/model";
import type { Frame } from "./frames";

/**
 * How far a container's log was read. Docker is asked for what is not older than `since`; of that, the first `skip`
 * lines from the first piece with exactly this time on were read before.
 */
export interface LogPosition {
	readonly since: string;
	readonly skip: number;
	/** Of the last line that was read; they begin with 1. */
	readonly number: number;
	/** Later than `since`: the host's clock went back, and later times stand before it in Docker's file. */
	readonly newest: string;
}

export interface CountedLine {
	readonly line: NumberedLine;
	/** Where to go on when this line has been taken. */
	readonly position: LogPosition;
}

interface Piece {
	readonly time: string;
	readonly parts: Buffer[];
	bytes: number;
	cutBytes: number;
}

const newline = 0x0a;
const timeLength = 30;

/**
 * Makes lines of Docker's frames and numbers them. The numbers of a container's lines are the same however often and
 * from wherever they are read, as lines that are dropped are counted too; so a line that is sent twice is known.
 */
export class LineCounter {
	readonly #open = new Map<Frame["stream"], Piece>();
	#position: LogPosition | null;
	/** Of the position on which it goes on: was its time met, and how many lines are left out from there. */
	#resuming: { isMet: boolean; skip: number } | null;
	#second = { text: "", lines: 0, bytes: 0 };
	#dropped: { count: number; time: string; number: number } | null = null;

	/** `mayRewind`: the position's line is in Docker's file, behind lines of a clock that then went back. */
	constructor(
		position: LogPosition | null,
		private readonly mayRewind = false,
	) {
		this.#position = position;
		this.#resuming = position && { isMet: false, skip: position.skip };
	}

	get position(): LogPosition | null {
		return this.#position;
	}

	push({ stream, payload }: Frame): CountedLine[] {
		const time = payload.toString("latin1", 0, timeLength);
		if (!isLineTime(time)) throw new Error("the engine's log has no times");
		if (this.#resuming && time === this.#position?.since) this.#resuming.isMet = true;
		const isWhole = payload.at(-1) === newline;
		const content = payload.subarray(timeLength + 1, isWhole ? -1 : undefined);
		const open = this.#open.get(stream);
		// All pieces of a line have the time of its first: another time is another line, and the program never ended that one.
		const unended = open && open.time !== time ? this.#end(stream, open) : [];
		const piece = open?.time === time ? open : { time, parts: [], bytes: 0, cutBytes: 0 };
		const kept = content.subarray(0, Math.max(0, lineLimitBytes - piece.bytes));
		piece.parts.push(kept);
		piece.bytes += kept.length;
		piece.cutBytes += content.length - kept.length;
		this.#open.set(stream, piece);
		return isWhole ? [...unended, ...this.#end(stream, piece)] : unended;
	}

	/** The container has stopped: what it did not end with a line end is a line. */
	close(): CountedLine[] {
		return [...this.#open].flatMap(([stream, piece]) => this.#end(stream, piece));
	}

	#end(stream: Frame["stream"], piece: Piece): CountedLine[] {
		this.#open.delete(stream);
		return this.#line(stream, piece);
	}

	/** The sentence about dropped lines, when nothing more comes that would bring it. */
	settle(): CountedLine[] {
		const dropped = this.#dropped;
		this.#dropped = null;
		if (!dropped || !this.#position) return [];
		const { count, time, number } = dropped;
		const text = `[Sluice dropped ${count} lines here: more than ${rateLimit.lines} lines or ${rateLimit.bytes / 1024 ** 2} MB in a second]`;
		return [{ line: { time, number, stream: "note", text }, position: this.#position }];
	}

	#line(stream: Frame["stream"], piece: Piece): CountedLine[] {
		const { time } = piece;
		const gap = this.#resume();
		if (gap === null) return [];
		const said: CountedLine[] = [];
		if (gap && this.#position) {
			const position = { ...this.#position, number: this.#position.number + 1 };
			this.#position = position;
			const text = "[Sluice lost lines here: the engine no longer had them when they could be sent]";
			said.push({ line: { time, number: position.number, stream: "note", text }, position });
		}
		const position = this.#advance(time);
		const second = time.slice(0, 19);
		if (this.#second.text !== second) {
			said.push(...this.#settleAt(position));
			this.#second = { text: second, lines: 0, bytes: 0 };
		}
		this.#second.lines += 1;
		this.#second.bytes += piece.bytes;
		if (this.#second.lines > rateLimit.lines || this.#second.bytes > rateLimit.bytes) {
			this.#dropped = { count: (this.#dropped?.count ?? 0) + 1, time, number: position.number };
			return said;
		}
		said.push({ line: { time, number: position.number, stream, text: textOf(piece) }, position });
		return said;
	}

	/** The sentence stands before the line of `next`; whoever goes on behind it reads that line again. */
	#settleAt(next: LogPosition): CountedLine[] {
		const before = this.#before ?? next;
		return this.settle().map(({ line }) => ({ line, position: before }));
	}

	#before: LogPosition | null = null;

	#advance(time: string): LogPosition {
		const last = this.#position;
		this.#before = last;
		const number = (last?.number ?? 0) + 1;
		const newest = last && last.newest > time ? last.newest : time;
		// Reading from this time on must give this line first: not while a piece of another stream is open, which began
		// earlier, nor while lines that came before have the same time or a later one. A time before all is a clock set back.
		const stays = last !== null && time >= last.since && (this.#open.size > 0 || time <= last.newest);
		const since = [...this.#open.values()].reduce((oldest, piece) => (piece.time < oldest ? piece.time : oldest), time);
		this.#position = stays ? { ...last, skip: last.skip + 1, number, newest } : { since, skip: 1, number, newest };
		return this.#position;
	}

	/** null = this line was read before; true = lines before it are lost. */
	#resume(): boolean | null {
		const resuming = this.#resuming;
		if (resuming === null) return false;
		if (!resuming.isMet && this.mayRewind) return null;
		if (resuming.isMet && resuming.skip > 0) {
			resuming.skip -= 1;
			return null;
		}
		this.#resuming = null;
		return !resuming.isMet;
	}
}

/** Whatever it holds is text afterwards; of a progress line all that was overwritten stays in it. */
function textOf({ parts, cutBytes }: Piece): string {
	const bytes = Buffer.concat(parts);
	// A character that the cut went through is left out.
	const text = cutBytes > 0 ? new TextDecoder().decode(bytes, { stream: true }) : bytes.toString("utf8");
	const line = text.endsWith("\r") ? text.slice(0, -1) : text;
	return cutBytes > 0 ? `${line} [Sluice cut ${cutBytes} bytes of this line]` : line;
}
