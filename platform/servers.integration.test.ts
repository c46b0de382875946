import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { Connection } from "@temporalio/client";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient } from "@/cli/client";
import { machineDirectory, pathsOf, portOf } from "@/domain/installation";
import { holdScratchServer } from "@/server/store/testing/scratch-server";
import { takeDown } from "./down";
import { findInstallation } from "./installation";
import { obtainPrograms } from "./obtain/programs";
import { askServers } from "./servers";
import { ownServerLines, statusOf } from "./status";
import { bringUp } from "./up";
import { until } from "./wait";

/** An installation on a Postgres and a Temporal of the user's own, with ports of its own. */
const portBase = Number(process.env.SLUICE_PORT_BASE ?? 17_400) + 30;
const role = "own_user";
const password = `planted-${randomBytes(6).toString("hex")}`;

let home: string;
let postgres: Awaited<ReturnType<typeof holdScratchServer>>;
let databaseUrl: string;
let temporal: { address: string; stop(): Promise<void> };

beforeAll(async () => {
	home = mkdtempSync(`${tmpdir()}/sluice-own-`);
	postgres = await holdScratchServer();
	await query(postgres.url, `create role ${role} login password '${password}'`);
	await query(postgres.url, `create database own_sluice owner ${role}`);
	const url = new URL(postgres.url);
	Object.assign(url, { username: role, password, pathname: "/own_sluice" });
	databaseUrl = url.href;
	temporal = await startTemporal();
}, 120_000);

afterAll(async () => {
	const installation = findInstallation(home);
	await takeDown(home);
	if (installation) rmSync(machineDirectory(installation.id), { recursive: true, force: true });
	rmSync(home, { recursive: true, force: true });
	await temporal?.stop();
	await postgres?.release();
}, 120_000);

async function query(url: string, sql: string): Promise<unknown[]> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		return (await client.query(sql)).rows;
	} finally {
		await client.end();
	}
}

async function startTemporal(): Promise<{ address: string; stop(): Promise<void> }> {
	const port = await freePort();
	const address = `127.0.0.1:${port}`;
	const programs = await obtainPrograms();
	const argv = ["server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", String(port), "--log-level", "never"];
	const child = spawn(programs.temporal, argv, { stdio: "ignore" });
	const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
	await until("Temporal answers", 60_000, () =>
		Connection.connect({ address, connectTimeout: 1_000 }).then(
			(connection) => connection.close().then(() => true),
			() => false,
		),
	);
	return {
		address,
		stop() {
			child.kill("SIGTERM");
			return ended;
		},
	};
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	await new Promise<void>((resolve) => server.close(() => resolve()));
	return typeof address === "object" && address ? address.port : 0;
}

test("what does not answer, what is no Postgres and what refuses are told with their place and without the password", async () => {
	const server = createServer((socket) => socket.resume().end("HTTP/1.1 400 planted\r\n\r\n"));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	const port = typeof address === "object" && address ? address.port : 0;
	const closed = await freePort();
	const wrongPassword = databaseUrl.replace(password, "planted-wrong");
	for (const url of [
		`postgresql://me:planted@127.0.0.1:${port}/x`,
		`postgresql://me:planted@127.0.0.1:${closed}/x`,
		wrongPassword,
	]) {
		const answers = await askServers({ databaseUrl: url, temporalAddress: null, generation: "g" });
		expect(answers).toEqual([
			{
				name: "postgres",
				problem: expect.stringMatching(
					/^The Postgres of DATABASE_URL \(127.0.0.1:\d+, database \w+\) cannot be used: (?!.*planted)/,
				),
			},
		]);
	}
	await new Promise<void>((resolve) => server.close(() => resolve()));
	const away = { databaseUrl: null, temporalAddress: `127.0.0.1:${closed}`, generation: "g" };
	expect((await askServers(away))[0]?.problem).toContain(`(127.0.0.1:${closed}) cannot be reached`);
	const right = { databaseUrl, temporalAddress: temporal.address, generation: "g" };
	expect(await askServers(right)).toEqual([
		{ name: "postgres", problem: null },
		{ name: "temporal", problem: null },
	]);
});

test("`up` refuses servers that cannot be used before it makes anything", async () => {
	const wrong = { databaseUrl: databaseUrl.replace(password, "planted-wrong") };
	await expect(bringUp(home, { fleet: 1, portBase, servers: wrong })).rejects.toThrow("cannot be used");
	expect(findInstallation(home)).toBeNull();
});

test("an installation runs on them: migrated, signed in, a workflow done; kept for later; no password anywhere", async () => {
	await bringUp(home, { fleet: 1, portBase, servers: { databaseUrl, temporalAddress: temporal.address } });
	const names = (statusOf(home) ?? []).map(({ component }) => component);
	expect(names).toContain("portal");
	expect(names.filter((name) => name === "postgres" || name === "temporal")).toEqual([]);
	expect((await ownServerLines(home)).map(({ component, state }) => [component, state])).toEqual([
		["postgres (your own)", "ready"],
		["temporal (your own)", "ready"],
	]);
	const client = createClient(home);
	expect((await client.session.me.query()).role).toBe("admin");
	expect((await client.host.list.query()).map(({ name }) => name)).toEqual(["h1"]);
	expect(await query(databaseUrl, "select id from host")).toEqual([{ id: "h1" }]);
	await expectWorkflow();

	// Again, without the variables.
	await bringUp(home, {});
	expect((await client.session.me.query()).role).toBe("admin");
	expect((statusOf(home) ?? []).some(({ component }) => component === "postgres")).toBe(false);
	// Another database would know none of its hosts.
	await query(postgres.url, `create database other_sluice owner ${role}`);
	const other = databaseUrl.replace("own_sluice", "other_sluice");
	await expect(bringUp(home, { servers: { databaseUrl: other } })).rejects.toThrow("does not know the host h1");
	expectNoPassword();

	await takeDown(home);
	expect(existsSync(pathsOf(home).temporal)).toBe(false);
	expect(await query(databaseUrl, "select id from host")).toEqual([{ id: "h1" }]);
}, 400_000);

/** A push starts a pipeline; one with nothing to build ends by itself, with a reason. */
async function expectWorkflow(): Promise<void> {
	const client = createClient(home);
	await client.repository.create.mutate({ name: "nothing" });
	const folder = mkdtempSync(`${tmpdir()}/sluice-push-`);
	const token = readFileSync(pathsOf(home).apiToken, "utf8").trim();
	const env = {
		...process.env,
		GIT_CONFIG_COUNT: "1",
		GIT_CONFIG_KEY_0: "http.extraHeader",
		GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(`token:${token}`).toString("base64")}`,
	};
	const identity = ["-c", "user.name=t", "-c", "user.email=t@localhost"];
	try {
		await git(["init", "--quiet", "--initial-branch=main"], folder, env);
		await git([...identity, "commit", "--quiet", "--allow-empty", "--message", "empty"], folder, env);
		await git(["push", "--quiet", `http://localhost:${portOf(portBase, "git")}/nothing.git`, "HEAD:main"], folder, env);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	const stateOf = async () => (await client.pipeline.list.query({ repository: "nothing" }))[0]?.state;
	await until("the pipeline ends", 90_000, async () => (await stateOf()) === "failed");
	const [page] = await client.pipeline.list.query({ repository: "nothing" });
	expect(page?.reason).toContain("sluice.yaml");
}

function git(argv: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
	return new Promise((resolve, reject) => {
		spawn("git", argv, { cwd, env, stdio: ["ignore", "ignore", "inherit"] })
			.once("error", reject)
			.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`git ${argv[0]} ended with ${code}`))));
	});
}

/** In no argument list, environment, log, status or spec: only in the one file of secrets. */
function expectNoPassword(): void {
	for (const pid of readdirSync("/proc").filter((one) => /^\d+$/.test(one) && Number(one) !== process.pid)) {
		for (const part of ["cmdline", "environ"]) expect(readIfThere(`/proc/${pid}/${part}`)).not.toContain(password);
	}
	const holding = readdirSync(home, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && !entry.parentPath.startsWith(`${home}/portal`))
		.map((entry) => `${entry.parentPath}/${entry.name}`)
		.filter((file) => readIfThere(file).includes(password));
	expect(holding).toEqual([pathsOf(home).servers]);
}

function readIfThere(file: string): string {
	try {
		return readFileSync(file, "latin1");
	} catch {
		return "";
	}
}
