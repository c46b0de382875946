import { createReadStream, type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";

/** Files under a folder that hold one of these texts, byte for byte. Links, sockets and folders of `skipped` are left out. */
export async function filesHolding(folder: string, texts: readonly string[], skipped: readonly string[] = []): Promise<string[]> {
	const needles = texts.map((text) => Buffer.from(text));
	const overlap = Math.max(...needles.map((needle) => needle.length)) - 1;
	const found: string[] = [];
	for (const file of filesUnder(folder, skipped)) {
		let rest: Buffer = Buffer.alloc(0);
		try {
			for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
				const piece = Buffer.concat([rest, chunk]);
				if (needles.some((needle) => piece.includes(needle))) {
					found.push(file);
					break;
				}
				rest = piece.subarray(Math.max(0, piece.length - overlap));
			}
		} catch (error) {
			// Postgres removes files while we read.
			if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
		}
	}
	return found;
}

function* filesUnder(folder: string, skipped: readonly string[]): Generator<string> {
	let entries: Dirent[];
	try {
		entries = readdirSync(folder, { withFileTypes: true });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
		throw error;
	}
	for (const entry of entries) {
		const path = join(folder, entry.name);
		if (entry.isDirectory() && !skipped.includes(path)) yield* filesUnder(path, skipped);
		else if (entry.isFile()) yield path;
	}
}
