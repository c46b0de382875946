import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { pathsOf } from "@/domain/installation";
import { tryCommand } from "../command";
import { cacheDirectory, cached, stateOfCached } from "../obtain/cache";
import { obtainWheel, wheelFolder } from "../obtain/wheel";
import { checkout, ownProgram } from "../setup";
import { markerVariable } from "../supervisor/process";
import { versions } from "../versions";
import type { Check } from "./check";

let home: string;
let folder: string;
const portBase = 26_400;

beforeEach(() => {
	folder = mkdtempSync(`${tmpdir()}/sluice-doctor-`);
	home = `${folder}/home`;
	vi.stubEnv("XDG_CACHE_HOME", `${folder}/cache`);
});

afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true });
});

/** Another user, who may read a checkout that is root's only, and nothing more. */
const asNobody = [
	...["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
	...["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"],
];

/** The command itself, as a person runs it. */
async function doctor(as: readonly string[] = []): Promise<{ code: number; checks: Check[] }> {
	const argv = [...as, ...ownProgram(checkout, "cli/main.ts", "doctor", "--output", "json")];
	const env = {
		...process.env,
		SLUICE_HOME: home,
		SLUICE_PORT_BASE: String(portBase),
		TSX_TSCONFIG_PATH: `${checkout}/tsconfig.json`,
	};
	const { code, stdout, tail } = await tryCommand(argv, { cwd: "/", env });
	if (stdout === "") throw new Error(tail);
	return { code, checks: JSON.parse(stdout) as Check[] };
}

function installation(): void {
	const paths = pathsOf(home);
	mkdirSync(paths.secrets, { recursive: true, mode: 0o700 });
	writeFileSync(paths.installation, JSON.stringify({ id: "zzdoct", portBase, domain: "localhost", fleet: ["h1"] }));
}

const named = (checks: readonly Check[], name: string) => checks.filter((check) => check.name === name);

it("a port that another process has is named with that process, and nothing is made in the home", async () => {
	const server: Server = createServer().listen(portBase + 3, "127.0.0.1");
	await once(server, "listening");
	try {
		const { code, checks } = await doctor();
		expect(code).toBe(1);
		const [port] = named(checks, "port");
		expect(port).toMatchObject({ verdict: "problem", found: expect.stringContaining(`process ${process.pid}`) });
		expect(port?.found).toMatch(/Port 26403, which the registry needs/);
		expect(existsSync(home)).toBe(false);
	} finally {
		server.close();
	}
	expect(named((await doctor()).checks, "port")).toMatchObject([{ verdict: "ok" }]);
});

it("somebody who is not root is told so, and that the secrets are another's", async () => {
	installation();
	const { code, checks } = await doctor(asNobody);
	expect(code).toBe(1);
	expect(named(checks, "root")).toMatchObject([{ verdict: "problem", mend: expect.stringContaining("sudo ./sluice up") }]);
	expect(named(checks, "secrets")).toMatchObject([
		{ verdict: "problem", found: expect.stringContaining("belongs to the user 0") },
	]);
});

it("secrets that others can read are found; after the command that was given they are well", async () => {
	installation();
	const file = pathsOf(home).databasePassword;
	writeFileSync(file, "x", { mode: 0o644 });
	const [secrets] = named((await doctor()).checks, "secrets");
	expect(secrets).toMatchObject({ verdict: "problem", mend: `Run \`chmod go-rwx ${file}\`.` });
	await tryCommand(["chmod", "go-rwx", file]);
	expect(named((await doctor()).checks, "secrets")).toMatchObject([{ verdict: "ok" }]);
});

it("a program whose file changed in the cache is removed and fetched again", async () => {
	const path = await obtainWheel(versions.temporal);
	expect(await stateOfCached(wheelFolder(versions.temporal))).toBe("whole");
	copyFileSync("/bin/true", path);
	expect(await stateOfCached(wheelFolder(versions.temporal))).toBe("corrupt");
	const [programs] = named((await doctor()).checks, "programs");
	expect(programs).toMatchObject({ verdict: "warning", found: expect.stringContaining("Temporal") });
	expect(await stateOfCached(wheelFolder(versions.temporal))).toBe("whole");
	expect((await tryCommand([path, "--version"])).stdout).toContain(versions.temporal.version);
});

it("a download that is cut off leaves nothing under its name, and what it left an hour ago is named", async () => {
	const cut = cached("thing-1", async (work) => {
		writeFileSync(`${work}/half`, "x");
		throw new Error("cut off");
	});
	await expect(cut).rejects.toThrow("cut off");
	expect(readdirSync(cacheDirectory())).toEqual([]);
	const left = `${cacheDirectory()}/.thing-1-abcdef`;
	mkdirSync(left);
	await tryCommand(["touch", "-d", "2 hours ago", left]);
	expect(named((await doctor()).checks, "leftovers")).toMatchObject([{ verdict: "warning", mend: `Run \`rm -rf ${left}\`.` }]);
});

it("after a set-up that was killed, what it left running is named with the way on", async () => {
	installation();
	expect(named((await doctor()).checks, "installation")).toMatchObject([{ verdict: "warning" }]);
	const child = spawn("sleep", ["600"], {
		detached: true,
		stdio: "ignore",
		env: { ...process.env, [markerVariable]: `${home}:postgres#x` },
	});
	await once(child, "spawn");
	try {
		const [check] = named((await doctor()).checks, "installation");
		expect(check).toMatchObject({ verdict: "problem", mend: expect.stringContaining("sluice up") });
		expect(check?.found).toContain("postgres");
	} finally {
		child.kill("SIGKILL");
		await once(child, "exit");
	}
});
