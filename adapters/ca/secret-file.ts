import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** What the file holds; made first if it is not there. Of several processes at once all get the winner's content. */
export async function createOnce(file: string, make: () => Promise<string>): Promise<string> {
	const existing = await readIfThere(file);
	if (existing !== null) return existing;
	const draft = await writeDraft(file, await make());
	try {
		// Unlike a rename, a link never replaces what another process put there meanwhile.
		await link(draft, file);
	} catch (error) {
		if (!isCode(error, "EEXIST")) throw error;
	} finally {
		await rm(draft, { force: true });
	}
	return readFile(file, "utf8");
}

/** Replaces the file at once and wholly, readable by its owner only. */
export async function replaceSecret(file: string, content: string): Promise<void> {
	await rename(await writeDraft(file, content), file);
}

export async function readIfThere(file: string): Promise<string | null> {
	try {
		return await readFile(file, "utf8");
	} catch (error) {
		if (isCode(error, "ENOENT")) return null;
		throw error;
	}
}

async function writeDraft(file: string, content: string): Promise<string> {
	await mkdir(dirname(file), { recursive: true, mode: 0o700 });
	const draft = `${file}.${randomBytes(6).toString("hex")}`;
	const handle = await open(/* turbopackIgnore: true */ draft, "wx", 0o600);
	try {
		await handle.writeFile(content);
		await handle.sync();
	} finally {
		await handle.close();
	}
	return draft;
}

function isCode(error: unknown, code: string): boolean {
	return error instanceof Error && "code" in error && error.code === code;
}
