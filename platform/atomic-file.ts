import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** A reader sees the old content or the new, never half of it, also after a power cut. */
export function writeAtomically(file: string, content: string, mode = 0o644): void {
	mkdirSync(dirname(file), { recursive: true });
	const work = `${file}.${process.pid}.new`;
	rmSync(work, { force: true });
	const descriptor = openSync(work, "wx", mode);
	try {
		writeSync(descriptor, content);
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
	renameSync(work, file);
}

/** The JSON in a file that we wrote ourselves; null when it is not there or not whole. */
export function readJson<T>(file: string): T | null {
	try {
		return JSON.parse(readFileSync(file, "utf8")) as T;
	} catch {
		return null;
	}
}
