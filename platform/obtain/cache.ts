import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";

/** Programs live outside the checkout: a clean clone on the same machine fetches nothing twice. */
export function cacheDirectory(): string {
	return `${process.env.XDG_CACHE_HOME || `${homedir()}/.cache`}/sluice`;
}

/**
 * Returns the folder `name` of the cache; when it is not there, `fill` makes it in a folder beside it, which is then
 * renamed in. So a folder in the cache is always whole, also after a kill in the middle.
 */
export async function cached(name: string, fill: (directory: string) => Promise<void>): Promise<string> {
	const target = `${cacheDirectory()}/${name}`;
	if (existsSync(target)) return target;
	mkdirSync(cacheDirectory(), { recursive: true });
	const work = mkdtempSync(`${cacheDirectory()}/.${name}-`);
	try {
		await fill(work);
		renameSync(work, target);
	} catch (error) {
		// Another `up` may have been quicker: its folder is as good.
		if (!existsSync(target)) throw error;
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
	return target;
}
