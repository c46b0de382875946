import { type FileHandle, open } from "node:fs/promises";
import { recordTime } from "@/domain/instance-log/record";

const blockBytes = 256 * 1024;
const newline = 0x0a;

/** Whole lines of a file, between two offsets that both begin a line. */
export class Block {
	constructor(
		readonly start: number,
		readonly end: number,
		/** Ends with a line end. */
		readonly text: string,
	) {}

	get lines(): string[] {
		return this.text.slice(0, -1).split("\n");
	}

	get first(): string {
		return this.text.slice(0, this.text.indexOf("\n"));
	}

	get last(): string {
		return this.text.slice(this.text.lastIndexOf("\n", this.text.length - 2) + 1, -1);
	}
}

/** Throws ENOENT when the file was tidied meanwhile. */
export async function openLines(file: string): Promise<LineFile> {
	const handle = await open(file, "r");
	try {
		return new LineFile(handle, (await handle.stat()).size);
	} catch (error) {
		await handle.close();
		throw error;
	}
}

/** Reads a growing file of lines in blocks, both ways. What stands behind the last line end is still being written. */
export class LineFile {
	constructor(
		private readonly handle: FileHandle,
		readonly size: number,
	) {}

	close(): Promise<void> {
		return this.handle.close();
	}

	/** The lines from `start` on; null = no whole line is there. */
	async after(start: number): Promise<Block | null> {
		for (let wanted = blockBytes; ; wanted *= 2) {
			const bytes = await this.#read(start, Math.min(this.size, start + wanted));
			const end = bytes.lastIndexOf(newline) + 1;
			if (end > 0) return blockOf(bytes.subarray(0, end), start);
			if (start + wanted >= this.size) return null;
		}
	}

	/** The lines before `end`, which begins a line or is the file's size; null = none. */
	async before(end: number): Promise<Block | null> {
		for (let wanted = blockBytes; end > 0; wanted *= 2) {
			const from = Math.max(0, end - wanted);
			const bytes = await this.#read(from, end);
			const first = from === 0 ? 0 : bytes.indexOf(newline) + 1;
			const last = bytes.lastIndexOf(newline) + 1;
			if (last > first) return blockOf(bytes.subarray(first, last), from + first);
			if (from === 0) return null;
		}
		return null;
	}

	/** Where the first line begins whose time is not before `time`: at most the size. Times in a file never go back. */
	async find(time: string): Promise<number> {
		let low = 0;
		let high = this.size;
		// Every line that begins before `low` is older; some line that begins at or after `high` is not, or there is none.
		while (high - low > blockBytes) {
			const middle = Math.floor((low + high) / 2);
			const line = await this.#lineFrom(middle);
			if (line === null || line.start >= high) high = middle;
			else if (line.time < time) low = line.start;
			else high = middle;
		}
		for (let at = low; ; ) {
			const block = await this.after(at);
			if (!block) return at;
			let offset = block.start;
			for (const line of block.lines) {
				if (recordTime(line) >= time) return offset;
				offset += Buffer.byteLength(line) + 1;
			}
			at = block.end;
		}
	}

	/** The first line that begins behind `offset`. */
	async #lineFrom(offset: number): Promise<{ start: number; time: string } | null> {
		for (let at = offset; at < this.size; at += blockBytes) {
			const bytes = await this.#read(at, Math.min(this.size, at + blockBytes));
			const end = bytes.indexOf(newline);
			if (end === -1) continue;
			const start = at + end + 1;
			if (start >= this.size) return null;
			const head = await this.#read(start, Math.min(this.size, start + 64));
			return { start, time: recordTime(head.toString("latin1")) };
		}
		return null;
	}

	async #read(from: number, to: number): Promise<Buffer> {
		const bytes = Buffer.allocUnsafe(Math.max(0, to - from));
		let filled = 0;
		while (filled < bytes.length) {
			const { bytesRead } = await this.handle.read(bytes, filled, bytes.length - filled, from + filled);
			if (bytesRead === 0) break;
			filled += bytesRead;
		}
		return bytes.subarray(0, filled);
	}
}

function blockOf(bytes: Buffer, start: number): Block {
	return new Block(start, start + bytes.length, bytes.toString("utf8"));
}
