/** A batch is written when it is this old or this long, whichever comes first. */
export const batchMs = 200;
export const batchCharacters = 64 * 1024;
/** Of one pipeline; what a build writes beyond it is not kept, and the log says so. */
const logLimit = 16 * 1024 * 1024;

export interface Taken {
	/** Whole lines where possible; a line longer than a batch is cut. Carriage returns and ANSI codes stay as they are. */
	readonly text: string;
	/** Of the pipeline so far. */
	readonly total: number;
}

/** Gathers output of a step until it is worth a row. Pure: the caller's clock decides when to take. */
export class LogBatch {
	private pending = "";
	private total: number;
	private isFull = false;

	constructor(
		alreadyWritten: number,
		private readonly limit = logLimit,
	) {
		this.total = alreadyWritten;
		this.isFull = alreadyWritten >= limit;
	}

	/** True = take now, without waiting for the time. */
	add(text: string): boolean {
		if (this.isFull) return false;
		const room = this.limit - this.total;
		// Postgres keeps no NUL in a text.
		const clean = text.replaceAll("\u0000", "\ufffd");
		this.total += clean.length;
		this.pending += clean.length <= room ? clean : clean.slice(0, room);
		if (this.total >= this.limit) {
			this.isFull = true;
			this.pending += `\n[the log ends here: it has reached its limit of ${Math.round(this.limit / 1024 / 1024)} MB; the step goes on]\n`;
		}
		return this.pending.length >= batchCharacters;
	}

	/** What to write now: the whole lines, or all of it at the end of a step or when no line end comes. Null = nothing. */
	take(isEnd: boolean): Taken | null {
		if (this.pending === "") return null;
		const newline = Math.max(this.pending.lastIndexOf("\n"), this.pending.lastIndexOf("\r"));
		const isAll = isEnd || newline < 0 || this.pending.length - newline > batchCharacters;
		const length = Math.min(isAll ? this.pending.length : newline + 1, batchCharacters);
		const text = this.pending.slice(0, length);
		this.pending = this.pending.slice(length);
		return { text, total: this.total };
	}

	get isEmpty(): boolean {
		return this.pending === "";
	}
}
