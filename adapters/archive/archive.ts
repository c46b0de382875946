import { createHash } from "node:crypto";
import { closeSync, createReadStream, createWriteStream, openSync, readSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { type Extract, extract, pack } from "tar-stream";
import { AppError, messageOf } from "@/domain/errors";
import { seal, sealMagic, unseal } from "./sealed";

/**
 * A compressed tar of named files whose lengths nobody knows before: each is kept in pieces. The last file holds the
 * checksums of all others, and reading checks them. With a passphrase everything is sealed.
 */
export interface ArchiveWriter {
	add(path: string, content: AsyncIterable<Buffer>): Promise<void>;
	addText(path: string, text: string): Promise<void>;
}

const pieceBytes = 8 * 1024 * 1024;
const checksumsPath = "checksums.json";

/** tar-stream gives this type no name. */
type Entry = Extract extends AsyncIterable<infer One> ? One : never;

interface Checksum {
	readonly bytes: number;
	readonly sha256: string;
}

/** A new file that only its owner reads. */
export async function writeArchive(
	file: string,
	passphrase: string | null,
	fill: (writer: ArchiveWriter) => Promise<void>,
): Promise<void> {
	const tar = pack();
	const output = createWriteStream(file, { flags: "wx", mode: 0o600, flush: true });
	const gzip = createGzip({ level: 3 });
	const written =
		passphrase === null ? pipeline(tar, gzip, output) : pipeline(tar, gzip, (from) => seal(from, passphrase), output);
	const checksums: Record<string, Checksum> = {};
	const addPiece = (name: string, piece: Buffer) =>
		new Promise<void>((resolve, reject) => {
			const entry = tar.entry({ name, size: piece.length, mode: 0o600, mtime: new Date(0) }, (error) =>
				error ? reject(error) : resolve(),
			);
			entry.end(piece);
		});
	const add = async (path: string, content: AsyncIterable<Buffer>) => {
		const hash = createHash("sha256");
		let [number, bytes] = [0, 0];
		for await (const piece of inPieces(content)) {
			hash.update(piece);
			bytes += piece.length;
			await Promise.race([addPiece(`${path}.~${String(number++).padStart(6, "0")}`, piece), written]);
		}
		checksums[path] = { bytes, sha256: hash.digest("hex") };
	};
	const writer: ArchiveWriter = { add, addText: (path, text) => add(path, textOf(text)) };
	try {
		await fill(writer);
		await writer.addText(checksumsPath, JSON.stringify({ ...checksums }));
		tar.finalize();
		await written;
	} catch (error) {
		tar.destroy();
		await written.catch(() => undefined);
		throw error;
	}
}

async function* textOf(text: string): AsyncGenerator<Buffer> {
	yield Buffer.from(text);
}

/** At least one, so that an empty file is there, too. */
async function* inPieces(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	let kept: Buffer[] = [];
	let length = 0;
	let isFirst = true;
	for await (const chunk of content) {
		kept.push(chunk);
		length += chunk.length;
		if (length < pieceBytes) continue;
		yield Buffer.concat(kept);
		[kept, length, isFirst] = [[], 0, false];
	}
	if (isFirst || length > 0) yield Buffer.concat(kept);
}

export type OnFile = (path: string, content: AsyncIterable<Buffer>) => Promise<void>;

/** Gives every file in turn; what is not read is passed over. Throws `invalid` unless all of it is as it was written. */
export async function readArchive(file: string, passphrase: string | null, onFile: OnFile): Promise<void> {
	const isSealed = beginsSealed(file);
	if (isSealed && passphrase === null)
		throw new AppError("invalid", `${file} is sealed with a passphrase: give it with --passphrase-file.`);
	if (!isSealed && passphrase !== null)
		throw new AppError("invalid", `${file} is not sealed, though a passphrase was given: it is not the file that was meant.`);
	const tar = extract();
	const input = createReadStream(file);
	const read =
		passphrase === null
			? pipeline(input, createGunzip(), tar)
			: pipeline(input, (from) => unseal(from, passphrase), createGunzip(), tar);
	// Told by what reads it.
	read.catch(() => undefined);
	try {
		await checkFiles(tar, onFile);
		await read;
	} catch (error) {
		tar.destroy();
		input.destroy();
		const cause = await read.then(
			() => error,
			(first: unknown) => (first instanceof AppError ? first : error),
		);
		if (cause instanceof AppError) throw cause;
		throw new AppError("invalid", `${file} is damaged, or no backup of Sluice: ${messageOf(cause)}.`, { cause });
	}
}

async function checkFiles(tar: AsyncIterable<Entry>, onFile: OnFile): Promise<void> {
	const entries = tar[Symbol.asyncIterator]();
	const found: Record<string, Checksum> = {};
	let last: string | null = null;
	let entry = await following(entries);
	while (entry !== null) {
		const path: string = pathOf(entry);
		const hash = createHash("sha256");
		let bytes = 0;
		const content = async function* (): AsyncGenerator<Buffer> {
			while (entry !== null && pathOf(entry) === path) {
				for await (const chunk of entry as AsyncIterable<Buffer>) {
					hash.update(chunk);
					bytes += chunk.length;
					yield chunk;
				}
				entry = await following(entries);
			}
		};
		const reading = content();
		if (path === checksumsPath) last = (await all(reading)).toString("utf8");
		else {
			await onFile(path, unended(reading));
			for await (const _ of reading);
			found[path] = { bytes, sha256: hash.digest("hex") };
		}
	}
	if (last === null) throw new AppError("invalid", "The backup has no end: it was not written to its end, or it was cut off.");
	compare(JSON.parse(last) as Record<string, Checksum>, found);
}

/** Who stops reading in the middle must not end the rest. */
async function* unended(content: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
	for (let next = await content.next(); !next.done; next = await content.next()) yield next.value;
}

async function following(entries: AsyncIterator<Entry>): Promise<Entry | null> {
	const next = await entries.next();
	return next.done ? null : next.value;
}

function pathOf(entry: Entry): string {
	return entry.header.name.replace(/\.~\d{6}$/, "");
}

export async function all(content: AsyncIterable<Buffer>): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of content) chunks.push(chunk);
	return Buffer.concat(chunks);
}

function compare(wanted: Readonly<Record<string, Checksum>>, found: Readonly<Record<string, Checksum>>): void {
	const paths = new Set([...Object.keys(wanted), ...Object.keys(found)]);
	const wrong = [...paths].find((path) => wanted[path]?.sha256 !== found[path]?.sha256);
	if (wrong !== undefined) throw new AppError("invalid", `The backup's ${wrong} is not what was written: it is damaged.`);
}

function beginsSealed(file: string): boolean {
	let descriptor: number;
	try {
		descriptor = openSync(file, "r");
	} catch (cause) {
		throw new AppError("not-found", `${file} cannot be read: ${messageOf(cause)}.`, { cause });
	}
	try {
		const start = Buffer.alloc(sealMagic.length);
		readSync(descriptor, start);
		return start.equals(sealMagic);
	} finally {
		closeSync(descriptor);
	}
}
