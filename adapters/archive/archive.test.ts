import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, it } from "vitest";
import { all, readArchive, writeArchive } from "./archive";

let folder: string;
let file: string;
const passphrase = "only-for-this-test";

beforeEach(() => {
	folder = mkdtempSync(`${tmpdir()}/sluice-archive-`);
	file = `${folder}/a`;
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Of even bytes a changed byte of a compressed file may give the same again. */
const noise = randomBytes(5_000_000);

async function* pieces(...sizes: readonly number[]): AsyncGenerator<Buffer> {
	for (const size of sizes) yield noise.subarray(0, size);
}

/** Larger than a piece, empty, and of one piece. */
async function write(secret: string | null, large = 5_000_000): Promise<void> {
	await writeArchive(file, secret, async (archive) => {
		await archive.add("large", pieces(large, large, 7));
		await archive.add("empty", pieces());
		await archive.addText("folder/text", "the words");
	});
}

async function read(secret: string | null): Promise<Record<string, Buffer>> {
	const found: Record<string, Buffer> = {};
	await readArchive(file, secret, async (path, content) => {
		found[path] = await all(content);
	});
	return found;
}

/** Its content would fill a failure's message. */
function isWhole(secret: string | null): Promise<boolean> {
	return read(secret).then(
		() => true,
		() => false,
	);
}

it.each([null, passphrase])("what was written is read again, sealed or not (%s)", async (secret) => {
	await write(secret);
	const { large, empty, "folder/text": text } = await read(secret);
	expect(large?.equals(await all(pieces(5_000_000, 5_000_000, 7)))).toBe(true);
	expect(empty?.length).toBe(0);
	expect(text?.toString()).toBe("the words");
	expect(statSync(file).mode & 0o777).toBe(0o600);
	expect(readFileSync(file).includes("the words")).toBe(false);
});

it("a file that nobody reads is passed over, and checked all the same", async () => {
	await write(null);
	const seen: string[] = [];
	await readArchive(file, null, async (path) => {
		seen.push(path);
	});
	expect(seen).toEqual(["large", "empty", "folder/text"]);
});

it("an archive that exists is not written over", async () => {
	writeFileSync(file, "mine");
	await expect(write(null)).rejects.toThrow(/EEXIST/);
	expect(readFileSync(file, "utf8")).toBe("mine");
});

it("a source that fails makes no archive that can be read", async () => {
	const failing = writeArchive(file, null, async (archive) => {
		await archive.addText("one", "1");
		throw new Error("the source failed");
	});
	await expect(failing).rejects.toThrow("the source failed");
	await expect(read(null)).rejects.toThrow();
});

it.each([null, passphrase])("a byte that changed anywhere, and an end that is missing, are found (%s)", async (secret) => {
	// Two frames when it is sealed.
	await write(secret, 600_000);
	const whole = readFileSync(file);
	for (const at of [0, 20, 60, Math.floor(whole.length / 2), whole.length - 6]) {
		const changed = Buffer.from(whole);
		changed.writeUInt8((whole[at] ?? 0) ^ 0x40, at);
		writeFileSync(file, changed);
		expect(await isWhole(secret), `byte ${at}`).toBe(false);
	}
	for (const length of [whole.length - 1, Math.floor(whole.length / 2), 30]) {
		writeFileSync(file, whole.subarray(0, length));
		expect(await isWhole(secret), `${length} bytes`).toBe(false);
	}
});

it("a sealed one is opened by its passphrase only, and one that is not sealed is none that was meant", async () => {
	await write(passphrase, 1_000);
	await expect(read("another-passphrase")).rejects.toThrow(/passphrase/);
	await expect(read(null)).rejects.toThrow(/--passphrase-file/);
	rmSync(file);
	await write(null, 1_000);
	await expect(read(passphrase)).rejects.toThrow(/not sealed/);
});
