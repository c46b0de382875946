import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { readyFile } from "@/adapters/installation/ready";
import { pathsOf, portOf } from "@/domain/installation";
import { freePort } from "@/server/relay/testing/open-test-relay";
import { TestHost } from "@/server/relay/testing/test-host";
import { createJoinToken } from "@/server/store/join-token";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";
import { holdScratchServer } from "@/server/store/testing/scratch-server";
import { type SeverableLine, severableLine } from "@/server/store/testing/severable-line";

const root = fileURLToPath(new URL("../..", import.meta.url));
let scratch: ScratchDatabase;
let line: SeverableLine;
let home: string;
let portBase: number;
let relay: ChildProcess;
let exited: Promise<number | null>;
// Kept for all tests here: each drops its database, and the last drop would end the server.
let server: { release(): Promise<void> };
beforeAll(async () => {
	server = await holdScratchServer();
});
afterAll(() => server.release());
beforeEach(async () => {
	scratch = await scratchDatabase();
	line = await severableLine(scratch.url);
	home = await mkdtemp(`${tmpdir()}/sluice-relay-`);
	portBase = (await freePort()) - 1;
	await mkdir(home, { recursive: true });
	await writeFile(pathsOf(home).installation, JSON.stringify({ id: "test02", portBase, domain: "localhost", fleet: [] }));
});
afterEach(async () => {
	relay.kill("SIGKILL");
	await exited;
	await line.close();
	await scratch.drop();
	await rm(home, { recursive: true });
});

function startRelay(): void {
	relay = spawn(process.execPath, ["--import", "tsx", "server/relay/main.ts"], {
		cwd: root,
		env: { ...process.env, SLUICE_HOME: home, DATABASE_URL: line.url },
		stdio: "ignore",
	});
	exited = new Promise((resolve) => relay.once("exit", resolve));
}

async function newHost(): Promise<TestHost> {
	const ca = await readFile(pathsOf(home).caCertificate, "utf8");
	return TestHost.create(`https://127.0.0.1:${portOf(portBase, "relay")}`, ca);
}

test("the relay starts while Postgres is away, serves when it comes, and SIGTERM ends it in order", async () => {
	line.cut();
	startRelay();
	await expect.poll(() => existsSync(readyFile(home, "relay")), { timeout: 30_000 }).toBe(true);
	const host = await newHost();
	expect(await host.send("GET", "/v1/health")).toMatchObject({ status: 200, body: { installation: "test02" } });
	line.mend();
	const token = await createJoinToken(scratch.database, { host: "m1", roles: ["node"], createdBy: "operator", caSha256: "pin" });
	await expect.poll(async () => (await host.join(token, "m1")).status, { timeout: 10_000 }).toBe(200);
	const hints = host.hints();
	expect((await hints.next()).value).toMatchObject({ desiredRevision: 0 });
	relay.kill("SIGTERM");
	expect((await hints.next()).done).toBe(true);
	expect(await exited).toBe(0);
	expect(existsSync(readyFile(home, "relay"))).toBe(false);
});

test("an address that is away when the relay starts holds up nobody, and serves when it is there", async () => {
	const late = `10.79.${process.pid % 250}.7`;
	await writeFile(`${home}/relay-addresses.json`, JSON.stringify(["127.0.0.1", late]));
	startRelay();
	await expect.poll(() => existsSync(readyFile(home, "relay")), { timeout: 30_000 }).toBe(true);
	expect(await (await newHost()).send("GET", "/v1/health")).toMatchObject({ status: 200 });
	const ca = await readFile(pathsOf(home).caCertificate, "utf8");
	const host = await TestHost.create(`https://${late}:${portOf(portBase, "relay")}`, ca);
	execFileSync("ip", ["address", "add", `${late}/32`, "dev", "lo"]);
	try {
		const answered = async () => (await host.send("GET", "/v1/health").catch(() => null))?.status;
		await expect.poll(answered, { timeout: 20_000 }).toBe(200);
	} finally {
		execFileSync("ip", ["address", "del", `${late}/32`, "dev", "lo"]);
	}
});

test("a relay none of whose addresses is this machine's ends with a sentence and exit code 1", async () => {
	await writeFile(`${home}/relay-addresses.json`, JSON.stringify(["203.0.113.7"]));
	startRelay();
	expect(await exited).toBe(1);
	expect(existsSync(readyFile(home, "relay"))).toBe(false);
});
