import { createReadStream, createWriteStream, renameSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { extract, pack } from "tar-stream";

/**
 * Rewrites a tar without some of its entries, all else as it was. GNU tar's own --delete leaves some archives broken:
 * what is then appended ends in "Skipping to next header".
 */
export async function rewriteWithout(tar: string, names: ReadonlySet<string>): Promise<void> {
	const [entries, kept, next] = [extract(), pack(), `${tar}.next`];
	const written = pipeline(kept, createWriteStream(next));
	const read = pipeline(createReadStream(tar), entries);
	const copied = (async () => {
		for await (const entry of entries) {
			if (names.has(entry.header.name)) entry.resume();
			else await pipeline(entry, kept.entry(entry.header));
		}
		kept.finalize();
	})();
	await Promise.all([read, copied, written]);
	renameSync(next, tar);
}
