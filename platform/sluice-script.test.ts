import { type ChildProcess, spawn } from "node:child_process";
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isOnPath } from "./command";
import { checkout } from "./setup";
import { until } from "./wait";

/** A checkout with the command only, and an npm that says when it runs and waits to be let go on. */
let root: string;
const children: ChildProcess[] = [];
const deadlineMs = 15_000;

beforeEach(() => {
	root = mkdtempSync(`${tmpdir()}/sluice-script-`);
	copyFileSync(`${checkout}/sluice`, `${root}/sluice`);
	writeFileSync(`${root}/package-lock.json`, "{}");
	mkdirSync(`${root}/bin`);
	const node = `$PWD/node_modules/node-linux-${process.arch === "arm64" ? "arm64" : "x64"}/bin`;
	program(
		"npm",
		`echo run >>"${root}/runs"
mkdir "${root}/inside" || echo overlapping >>"${root}/runs"
while [ ! -e "${root}/go" ]; do "$SLEEP" 0.02; done
rm -rf node_modules && mkdir -p "${node}"
printf '#!/bin/sh\\necho started\\n' >"${node}/node" && chmod 755 "${node}/node"
rmdir "${root}/inside"`,
	);
	program("node", `case "$1" in -p) echo 24 ;; *) echo v24.0.0 ;; esac`);
});

afterEach(() => {
	for (const child of children.splice(0)) child.kill("SIGKILL");
	rmSync(root, { recursive: true, force: true });
});

function program(name: string, script: string): void {
	writeFileSync(`${root}/bin/${name}`, `#!/bin/sh\n${script}\n`);
	chmodSync(`${root}/bin/${name}`, 0o755);
}

/** The few programs that the script needs; flock is one of them or not. */
function searchPath(hasFlock: boolean): string {
	const needed = ["sh", "readlink", "dirname", "uname", "cksum", "cat", "mkdir", "rmdir", "rm", "chmod", "sleep"];
	for (const name of [...needed, ...(hasFlock ? ["flock"] : [])]) {
		const found = ["/usr/bin", "/bin"].map((folder) => `${folder}/${name}`).find((file) => existsSync(file));
		if (found && !existsSync(`${root}/bin/${name}`)) symlinkSync(found, `${root}/bin/${name}`);
	}
	return `${root}/bin`;
}

function start(PATH: string): { output: () => string; ended: Promise<number> } {
	const child = spawn("/bin/sh", [`${root}/sluice`, "--help"], {
		env: { PATH, SLEEP: "/bin/sleep", NODE_ENV: "test" },
		stdio: ["ignore", "pipe", "pipe"],
	});
	children.push(child);
	let output = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8").on("data", (text: string) => {
			output += text;
		});
	}
	return { output: () => output, ended: new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1))) };
}

const runs = () => (existsSync(`${root}/runs`) ? readFileSync(`${root}/runs`, "utf8").trim().split("\n") : []);

for (const hasFlock of [true, false]) {
	test(`three at once install the packages once, and all go on (${hasFlock ? "flock" : "without flock"})`, async () => {
		expect(isOnPath("flock")).toBe(true);
		const path = searchPath(hasFlock);
		const all = [start(path), start(path), start(path)];
		const isWaiting = () => all.filter(({ output }) => output().includes("Another sluice installs")).length === 2;
		await until("one installs and two wait", deadlineMs, () => runs().length > 0 && isWaiting());
		writeFileSync(`${root}/go`, "");
		expect(await Promise.all(all.map(({ ended }) => ended))).toEqual([0, 0, 0]);
		expect(all.every(({ output }) => output().includes("started"))).toBe(true);
		expect(runs()).toEqual(["run"]);
		expect(existsSync(`${root}/.sluice-install.lock.d`)).toBe(false);
		expect(await start(path).ended).toBe(0);
		expect(runs()).toEqual(["run"]);
	}, 30_000);
}

test("a lock whose owner was killed holds nobody up", async () => {
	mkdirSync(`${root}/.sluice-install.lock.d`);
	// No process has this id: pid_max is lower.
	writeFileSync(`${root}/.sluice-install.lock.d/owner`, "99999999\n");
	writeFileSync(`${root}/go`, "");
	expect(await start(searchPath(false)).ended).toBe(0);
	expect(runs()).toEqual(["run"]);
}, 15_000);
