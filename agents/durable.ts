import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** On disk, whole, before it returns: also after a power cut a reader finds the old content or the new. */
export function writeDurably(file: string, content: string, mode = 0o644): void {
	const work = `${file}.new`;
	const descriptor = openSync(work, "w", mode);
	try {
		writeSync(descriptor, content);
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
	renameSync(work, file);
	const folder = openSync(dirname(file), "r");
	try {
		fsyncSync(folder);
	} finally {
		closeSync(folder);
	}
}

/** What `writeDurably` wrote as JSON; null = never. */
export function readDurable<T>(file: string): T | null {
	try {
		return JSON.parse(readFileSync(file, "utf8")) as T;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
		throw error;
	}
}
