import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { alpineCommands } from "@/adapters/builder/base-image-alpine";

const folder = mkdtempSync(join(tmpdir(), "sluice-alpine-"));
for (const { path, text } of alpineCommands) writeFileSync(join(folder, path.split("/").at(-1) ?? ""), text, { mode: 0o755 });
// In the places of Debian's programs: each says how it was called.
for (const name of ["apt-get", "useradd", "groupadd", "rm"]) {
	writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $*"\n`, { mode: 0o755 });
}
afterAll(() => rmSync(folder, { recursive: true }));

function call(name: string, ...argv: string[]): string {
	const { stdout, stderr } = spawnSync(join(folder, name), argv, {
		env: { ...process.env, PATH: `${folder}:/usr/bin:/bin` },
		encoding: "utf8",
	});
	return stdout + stderr;
}

test("`apk add` installs Debian's packages of these names, without versions, and forgets the names of groups", () => {
	const output = call(
		"apk",
		"add",
		"--no-cache",
		"-t",
		".build",
		"--virtual",
		".more",
		"curl=8.1",
		"build-base",
		"libc6-compat",
		"py3-yaml",
	);
	expect(output).toMatch(/^apt-get install --yes --no-install-recommends curl build-essential python3-yaml$/m);
	expect(call("apk", "--no-cache", "--update", "add", "openssl-dev>3", "tzdata")).toMatch(/ libssl-dev tzdata$/m);
});

test("what needs nothing done says nothing, and what cannot be done says so", () => {
	expect(call("apk", "update")).toBe("");
	expect(call("apk", "del", ".build")).toBe("");
	expect(call("apk", "info")).toMatch(/^apk info is not there/);
});

test("users and groups are made as Alpine's options say", () => {
	expect(call("addgroup", "-S", "-g", "1700", "app")).toBe("groupadd --system --gid 1700 app\n");
	expect(call("adduser", "-S", "-G", "app", "app")).toBe(
		"useradd --system --create-home --gid app --no-user-group --shell /usr/sbin/nologin app\n",
	);
	expect(call("adduser", "-Dh", "/home/ann", "-s", "/bin/bash", "-u", "1500", "ann")).toBe(
		"useradd --create-home --home-dir /home/ann --uid 1500 --user-group --shell /bin/bash ann\n",
	);
	expect(call("adduser", "-SDH", "app")).toMatch(/--system --no-create-home --gid nogroup/);
});
