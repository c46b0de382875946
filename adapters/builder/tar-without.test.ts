import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { extract, pack } from "tar-stream";
import { expect, onTestFinished, test } from "vitest";
import { rewriteWithout } from "@/adapters/builder/tar-without";

const long = `./usr/share/${"x".repeat(150)}/${"y".repeat(150)}`;

async function listed(tar: string): Promise<string[]> {
	const entries = extract();
	const read = pipeline(createReadStream(tar), entries);
	const found: string[] = [];
	for await (const entry of entries) {
		const { name, type, linkname, mode, uid, pax } = entry.header;
		const capability = (pax as Record<string, string> | null)?.["SCHILY.xattr.security.capability"] ?? "";
		const words = [name, type, mode?.toString(8), uid, linkname ?? "", capability, await text(entry)];
		found.push(words.join(" ").trimEnd());
	}
	await read;
	return found;
}

test("a tar without some of its files keeps all else: links, long names, owners, what the kernel keeps beside a file", async () => {
	const folder = mkdtempSync(join(tmpdir(), "sluice-tar-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const tar = join(folder, "rootfs.tar");
	const made = pack();
	made.entry({ name: "./etc/", type: "directory", mode: 0o755 });
	made.entry({ name: "./etc/passwd" }, "old");
	made.entry({ name: "./bin/ping", mode: 0o755, uid: 7, pax: { "SCHILY.xattr.security.capability": "x" } }, "ping");
	made.entry({ name: "./bin/again", type: "link", linkname: "./bin/ping", mode: 0o755 });
	made.entry({ name: "./bin/sh", type: "symlink", linkname: "dash" });
	made.entry({ name: long }, "long");
	made.finalize();
	await pipeline(made, createWriteStream(tar));
	const before = await listed(tar);
	await rewriteWithout(tar, new Set(["./etc/passwd", "./none"]));
	expect(await listed(tar)).toEqual(before.filter((line) => !line.startsWith("./etc/passwd")));
	expect(before).toContain("./bin/ping file 755 7  x ping");
	expect(before.length).toBe(6);
});
