import { rm, rmdir, stat } from "node:fs/promises";
import { instanceFolder, type LogIdentity, listInstances, listSegments, namesIn } from "./segment";

interface Kept {
	readonly file: string;
	readonly bytes: number;
	readonly writtenMs: number;
}

/** Removes segments that are too old, and of a service that has too much its oldest; then folders that are empty. How many files went. */
export async function tidyLogs(
	root: string,
	{ keptMs, serviceBytes }: { readonly keptMs: number; readonly serviceBytes: number },
	nowMs: number,
): Promise<number> {
	let removed = 0;
	for (const service of await namesIn(root)) {
		const folders = await foldersOf(root, service);
		const kept = (await Promise.all(folders.map(({ folder, instance }) => filesIn(folder, instance)))).flat();
		kept.sort((a, b) => a.writtenMs - b.writtenMs);
		let bytes = kept.reduce((sum, one) => sum + one.bytes, 0);
		for (const one of kept) {
			if (bytes <= serviceBytes && nowMs - one.writtenMs <= keptMs) continue;
			await rm(one.file, { force: true });
			bytes -= one.bytes;
			removed += 1;
		}
		for (const { folder } of folders) await removeEmpty(folder);
	}
	return removed;
}

async function foldersOf(root: string, service: string): Promise<{ folder: string; instance: string }[]> {
	const found = await Promise.all(
		(await namesIn(`${root}/${service}`)).map(async (environment) => {
			const identity: LogIdentity = { service, environment };
			const instances = await listInstances(root, identity);
			return instances.map((instance) => ({ folder: instanceFolder(root, identity, instance), instance }));
		}),
	);
	return found.flat();
}

async function filesIn(folder: string, instance: string): Promise<Kept[]> {
	const segments = await listSegments(folder, instance);
	return Promise.all(
		segments.map(async ({ file }) => {
			const { size, mtimeMs } = await stat(file);
			return { file, bytes: size, writtenMs: mtimeMs };
		}),
	);
}

async function removeEmpty(folder: string): Promise<void> {
	try {
		await rmdir(folder);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code !== "ENOTEMPTY" && code !== "ENOENT") throw error;
	}
}
