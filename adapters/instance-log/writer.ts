import { mkdir, open, truncate } from "node:fs/promises";
import { lineTimeMs, type NumberedLine } from "@/domain/instance-log/model";
import { isTaken, parseRecord, recordOf } from "@/domain/instance-log/record";
import { openLines } from "./block";
import { instanceFolder, type LogIdentity, listSegments, type Segment, segmentFile, sizeOf } from "./segment";

/** Docker stamps both streams side by side: a little earlier than the line before is the same time. */
const sameTimeMs = 1_000;
const fullBytes = 4 * 1024 * 1024;
/** Beyond it the one that is quiet for longest is read from its file again when it writes again. */
const mostKnown = 10_000;

interface End {
	segment: Segment | null;
	size: number;
	/** Newest line of all. */
	time: string;
	/** Newest line of each container that the segment names. */
	readonly last: Map<string, Pick<NumberedLine, "time" | "number">>;
}

/**
 * Appends to the logs of instances. What `append` returned for is on the disk (fdatasync, once a call and file), every line
 * once, in the order given; a torn end left by a power cut or a full disk is cut off first. One process writes an
 * instance's log at a time: that of the relay its host speaks to.
 */
export class InstanceLogWriter {
	readonly #ends = new Map<string, End>();
	readonly #queues = new Map<string, Promise<unknown>>();

	constructor(
		private readonly root: string,
		/** A segment of so many bytes is followed by another. */
		private readonly segmentBytes = fullBytes,
	) {}

	/** How many of them were new. Calls for one instance are done one after the other. */
	append(identity: LogIdentity, instance: string, container: string, lines: readonly NumberedLine[]): Promise<number> {
		const folder = instanceFolder(this.root, identity, instance);
		const mine = (this.#queues.get(folder) ?? Promise.resolve()).then(() => this.#append(folder, instance, container, lines));
		// The next one waits for this one, and does not fail with it.
		const settled = mine.catch(() => {});
		this.#queues.set(folder, settled);
		return mine.finally(() => {
			if (this.#queues.get(folder) === settled) this.#queues.delete(folder);
		});
	}

	async #append(folder: string, instance: string, container: string, lines: readonly NumberedLine[]): Promise<number> {
		const end = await this.#end(folder, instance);
		try {
			return await this.#appendTo(end, folder, instance, container, lines);
		} catch (error) {
			// What was written of it is found, and a torn end cut off, when it is tried again.
			this.#ends.delete(folder);
			throw error;
		}
	}

	async #appendTo(
		end: End,
		folder: string,
		instance: string,
		container: string,
		lines: readonly NumberedLine[],
	): Promise<number> {
		let written = 0;
		let pending = "";
		for (const told of lines) {
			if (isTaken(end.last.get(container) ?? null, told)) continue;
			const isEarlier = told.time < end.time && lineTimeMs(end.time) - lineTimeMs(told.time) < sameTimeMs;
			const line = isEarlier ? { ...told, time: end.time } : told;
			if (end.segment === null || end.size + pending.length >= this.segmentBytes || line.time < end.time) {
				await write(folder, end, pending);
				pending = "";
				await begin(folder, instance, end, line.time);
			}
			pending += recordOf(container, line);
			end.time = line.time;
			end.last.set(container, line);
			written += 1;
		}
		await write(folder, end, pending);
		return written;
	}

	/** Where the log ends: remembered as long as its file is as it was left. */
	async #end(folder: string, instance: string): Promise<End> {
		const known = this.#ends.get(folder);
		this.#ends.delete(folder);
		const isSame = known?.segment && known.size > 0 && (await sizeOf(known.segment.file)) === known.size;
		const end = known && isSame ? known : await readEnd(folder, instance);
		this.#ends.set(folder, end);
		for (const oldest of this.#ends.keys()) {
			if (this.#ends.size <= mostKnown) break;
			this.#ends.delete(oldest);
		}
		return end;
	}
}

async function begin(folder: string, instance: string, end: End, from: string): Promise<void> {
	await mkdir(folder, { recursive: true, mode: 0o750 });
	const ordinal = (end.segment?.ordinal ?? 0) + 1;
	end.segment = { instance, file: segmentFile(folder, ordinal, from), ordinal, from };
	end.size = 0;
}

async function write(folder: string, end: End, text: string): Promise<void> {
	if (text === "" || end.segment === null) return;
	const handle = await open(end.segment.file, "a", 0o640);
	try {
		await handle.appendFile(text);
		await handle.datasync();
	} finally {
		await handle.close();
	}
	if (end.size === 0) await syncFolder(folder);
	end.size += Buffer.byteLength(text);
}

/** Without it a power cut may take a new file whole. */
async function syncFolder(folder: string): Promise<void> {
	const handle = await open(folder, "r");
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

async function readEnd(folder: string, instance: string): Promise<End> {
	const segments = await listSegments(folder, instance);
	const segment = segments.at(-1) ?? null;
	const end: End = { segment, size: 0, time: segment?.from ?? "", last: new Map() };
	// The newest is empty when the disk was full just as it was begun.
	for (const one of segments.toReversed()) {
		const size = await readTail(one, end);
		if (one === segment) end.size = size;
		if (size > 0) break;
	}
	return end;
}

/** Takes the newest lines from the segment, cuts a torn end off it, and returns its size. */
async function readTail(segment: Segment, end: End): Promise<number> {
	const file = await openLines(segment.file);
	try {
		const block = await file.before(file.size);
		const size = block?.end ?? 0;
		for (const text of block?.lines ?? []) {
			const line = parseRecord(segment.instance, text);
			if (!line) continue;
			if (segment === end.segment) end.time = line.time;
			end.last.set(line.container, { time: line.time, number: line.number });
		}
		if (size < file.size) await truncate(segment.file, size);
		return size;
	} finally {
		await file.close();
	}
}
