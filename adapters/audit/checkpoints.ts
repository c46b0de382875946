import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { CheckpointKey } from "@/adapters/audit/checkpoint-key";
import type { ChainEnd } from "@/domain/audit/chain";
import type { ReadCheckpoint } from "@/domain/audit/verify";
import { canonicalJson } from "@/domain/rollout/canonical-json";

/**
 * The chain's head as it was at a time, one signed line of JSON each, in a file that is only ever added to. What it
 * guarantees: a line that was written is on the disk. A last line without its line end was never promised.
 */
export interface Checkpoint extends ChainEnd {
	readonly at: Date;
}

export interface CheckpointFile {
	readonly path: string;
	readonly installation: string;
	readonly key: CheckpointKey;
}

export async function appendCheckpoint(file: CheckpointFile, { sequence, hash, at }: Checkpoint): Promise<void> {
	const said = { installation: file.installation, sequence: sequence.toString(), hash, at: at.toISOString() };
	const line = JSON.stringify({ ...said, signature: file.key.sign(canonicalJson(said)) });
	await mkdir(dirname(file.path), { recursive: true, mode: 0o700 });
	const handle = await open(/* turbopackIgnore: true */ file.path, "a+", 0o600);
	try {
		await removeTornLine(handle);
		await handle.writeFile(`${line}\n`);
		await handle.sync();
	} finally {
		await handle.close();
	}
	await syncFolder(dirname(file.path));
}

export interface ReadCheckpoints {
	/** Of the rows that were asked for, oldest first. */
	readonly found: readonly ReadCheckpoint[];
	/** Null = there is none at all. */
	readonly newest: ReadCheckpoint | null;
}

/** Those of the rows after one number up to another. What is no checkpoint at all counts as a wrong one of the row before. */
export async function readCheckpoints(file: CheckpointFile, after: bigint, until: bigint): Promise<ReadCheckpoints> {
	const found: ReadCheckpoint[] = [];
	let newest: Numbered | null = null;
	for await (const text of wholeLines(file.path)) {
		const line = numbered(text, newest?.sequence ?? 1n);
		if (line.sequence > after && line.sequence <= until) found.push(checked(file, line));
		// Two workers at once, for a moment, may write theirs the other way round.
		if (newest === null || line.sequence >= newest.sequence) newest = line;
	}
	return { found, newest: newest && checked(file, newest) };
}

/** Reads the end of the file only. Null = there is none. */
export async function newestCheckpoint(file: CheckpointFile): Promise<ReadCheckpoint | null> {
	const text = (await tailOf(file.path)).split("\n").at(-2);
	return text === undefined ? null : checked(file, numbered(text, 1n));
}

/** One that was kept elsewhere, as it stands in the file; null = this is none. */
export function keptCheckpoint(file: CheckpointFile, text: string): ReadCheckpoint | null {
	const line = parse(text);
	return line && checked(file, { sequence: BigInt(line.sequence), line });
}

interface Numbered {
	readonly sequence: bigint;
	readonly line: Line | null;
}

function numbered(text: string, before: bigint): Numbered {
	const line = parse(text);
	return { sequence: line ? BigInt(line.sequence) : before, line };
}

function checked(file: CheckpointFile, { sequence, line }: Numbered): ReadCheckpoint {
	return {
		sequence,
		hash: line?.hash ?? "",
		at: new Date(line?.at ?? 0),
		isSigned: line !== null && isSigned(file, line),
	};
}

interface Line {
	readonly installation: string;
	readonly sequence: string;
	readonly hash: string;
	readonly at: string;
	readonly signature: string;
}

function isSigned({ installation, key }: CheckpointFile, { signature, ...said }: Line): boolean {
	return said.installation === installation && key.isSigned(canonicalJson(said), signature);
}

function parse(text: string): Line | null {
	try {
		const line: unknown = JSON.parse(text);
		return isLine(line) ? line : null;
	} catch {
		return null;
	}
}

function isLine(value: unknown): value is Line {
	if (typeof value !== "object" || value === null) return false;
	const line = value as Readonly<Record<string, unknown>>;
	const isText = ["installation", "sequence", "hash", "at", "signature"].every((name) => typeof line[name] === "string");
	return isText && /^\d{1,18}$/.test(String(line.sequence)) && !Number.isNaN(Date.parse(String(line.at)));
}

/** The last whole lines, each with its end; "" when there is no file. */
async function tailOf(path: string): Promise<string> {
	const handle = await open(/* turbopackIgnore: true */ path, "r").catch((error: unknown) => {
		if (isMissing(error)) return null;
		throw error;
	});
	if (!handle) return "";
	try {
		const tail = await readTail(handle);
		return tail.toString("utf8", 0, tail.lastIndexOf(lineEnd) + 1);
	} finally {
		await handle.close();
	}
}

async function* wholeLines(path: string): AsyncGenerator<string> {
	let rest = "";
	try {
		for await (const chunk of createReadStream(/* turbopackIgnore: true */ path, "utf8")) {
			const lines = `${rest}${chunk}`.split("\n");
			rest = lines.pop() ?? "";
			yield* lines.filter((line) => line !== "");
		}
	} catch (error) {
		// None was written yet.
		if (!isMissing(error)) throw error;
	}
}

/** What a power cut left of a line goes. */
async function removeTornLine(handle: FileHandle): Promise<void> {
	const tail = await readTail(handle);
	const torn = tail.length - (tail.lastIndexOf(lineEnd) + 1);
	if (torn > 0) await handle.truncate((await handle.stat()).size - torn);
}

const lineEnd = 0x0a;
/** A whole line has some 350 bytes. */
const tailBytes = 4_096;

async function readTail(handle: FileHandle): Promise<Buffer> {
	const { size } = await handle.stat();
	const length = Math.min(size, tailBytes);
	const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
	return buffer.subarray(0, bytesRead);
}

/** The file's name is on the disk too. */
async function syncFolder(folder: string): Promise<void> {
	const handle = await open(/* turbopackIgnore: true */ folder, "r");
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

function isMissing(error: unknown): boolean {
	return error instanceof Error && "code" in error && error.code === "ENOENT";
}
