import { createHash } from "node:crypto";
import {
	createReadStream,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { pipeline } from "node:stream/promises";
import { readJson } from "../atomic-file";
import { say } from "../progress";

/** Programs live outside the checkout: a clean clone on the same machine fetches nothing twice. */
export function cacheDirectory(): string {
	return `${process.env.XDG_CACHE_HOME || `${homedir()}/.cache`}/sluice`;
}

/**
 * Returns the folder `name` of the cache; when it is not there, `fill` makes it in a folder beside it, which is then
 * renamed in. So a folder in the cache is always whole, also after a kill in the middle. One that has changed since is
 * never used: it is removed and made again.
 */
export async function cached(name: string, fill: (directory: string) => Promise<void>): Promise<string> {
	const target = `${cacheDirectory()}/${name}`;
	const state = await stateOfCached(name);
	if (state === "whole" || state === "unknown") return target;
	if (state === "corrupt") {
		say(
			`  ${target} is not what had been fetched any more: it is removed and fetched again. When that happens often, look at the disk.`,
		);
		rmSync(target, { recursive: true, force: true });
	}
	mkdirSync(cacheDirectory(), { recursive: true });
	const work = mkdtempSync(`${cacheDirectory()}/.${name}-`);
	try {
		await fill(work);
		writeFileSync(`${work}/${checksumsFile}`, JSON.stringify(await checksumsOf(work)));
		renameSync(work, target);
	} catch (error) {
		// Another `up` may have been quicker: its folder is as good.
		if (!existsSync(target)) throw error;
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
	return target;
}

/** What was unpacked had its own checksum or signature checked; from then on these say whether it is still that. */
const checksumsFile = ".checksums.json";

async function checksumsOf(folder: string): Promise<Record<string, string>> {
	const files = readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name !== checksumsFile)
		.map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1))
		.sort();
	const pairs: [string, string][] = [];
	for (const file of files) {
		const hash = createHash("sha256");
		await pipeline(createReadStream(`${folder}/${file}`), hash);
		pairs.push([file, hash.digest("hex")]);
	}
	return Object.fromEntries(pairs);
}

/** `unknown`: fetched by a version that kept no checksums. */
export type CacheState = "absent" | "whole" | "corrupt" | "unknown";

/** Reads every file of a folder of the cache. */
export async function stateOfCached(name: string): Promise<CacheState> {
	const folder = `${cacheDirectory()}/${name}`;
	if (!existsSync(folder)) return "absent";
	const kept = readJson<Record<string, string>>(`${folder}/${checksumsFile}`);
	if (kept === null) return existsSync(`${folder}/${checksumsFile}`) ? "corrupt" : "unknown";
	return JSON.stringify(await checksumsOf(folder)) === JSON.stringify(kept) ? "whole" : "corrupt";
}

/** Folders that a killed set-up was filling; those of one that still runs are younger than an hour. */
export function halfFetched(now: number): string[] {
	if (!existsSync(cacheDirectory())) return [];
	return readdirSync(cacheDirectory())
		.filter((name) => name.startsWith("."))
		.map((name) => `${cacheDirectory()}/${name}`)
		.filter((folder) => now - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? now) > anHourMs);
}

const anHourMs = 3_600_000;
