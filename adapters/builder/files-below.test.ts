import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { filesBelow } from "@/adapters/builder/files-below";

test("a link to a folder of this machine is listed as itself, with nothing of what it leads to", () => {
	const folder = mkdtempSync(join(tmpdir(), "sluice-files-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	mkdirSync(join(folder, "elsewhere/bin"), { recursive: true });
	writeFileSync(join(folder, "elsewhere/bin/java"), "");
	mkdirSync(join(folder, "stage/opt/java"), { recursive: true });
	symlinkSync(join(folder, "elsewhere"), join(folder, "stage/opt/java/openjdk"));
	expect(filesBelow(join(folder, "stage"))).toEqual([
		{ path: "opt", isDirectory: true },
		{ path: "opt/java", isDirectory: true },
		{ path: "opt/java/openjdk", isDirectory: false },
	]);
});
