import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { allPids } from "./supervisor/process";

/** A listening TCP socket of this network namespace. */
export interface Listener {
	readonly port: number;
	readonly inode: string;
}

const listening = "0A";

/** Rows of /proc/net/tcp or tcp6. */
export function parseListeners(text: string): Listener[] {
	return text
		.split("\n")
		.slice(1)
		.flatMap((line) => {
			const fields = line.trim().split(/\s+/);
			const [, local, , state] = fields;
			const inode = fields[9];
			if (state !== listening || local === undefined || inode === undefined) return [];
			return [{ port: Number.parseInt(local.slice(local.lastIndexOf(":") + 1), 16), inode }];
		});
}

export function listeners(): Listener[] {
	return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) =>
		existsSync(file) ? parseListeners(readFileSync(file, "utf8")) : [],
	);
}

/** The process that has a socket open; null when it may not be seen. */
export function ownerOf(inode: string): { pid: number; command: string } | null {
	const wanted = `socket:[${inode}]`;
	for (const pid of allPids()) {
		try {
			const has = readdirSync(`/proc/${pid}/fd`).some((descriptor) => link(`/proc/${pid}/fd/${descriptor}`) === wanted);
			if (has) return { pid, command: basename(readlinkSync(`/proc/${pid}/exe`)) };
		} catch {
			// It ended while we looked, or is not ours to look into.
		}
	}
	return null;
}

function link(file: string): string | null {
	try {
		return readlinkSync(file);
	} catch {
		return null;
	}
}
