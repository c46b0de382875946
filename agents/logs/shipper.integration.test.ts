import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import Docker from "dockerode";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { ensureBaseImage } from "@/adapters/builder/base-image";
import { readLog } from "@/adapters/instance-log/reader";
import { InstanceLogWriter } from "@/adapters/instance-log/writer";
import { createLog } from "@/adapters/log/log";
import { AppError } from "@/domain/errors";
import type { InstanceLine } from "@/domain/instance-log/model";
import { labels } from "@/domain/names";
import type { LogBatch } from "@/domain/relay/protocol";
import { listContainers, removeContainer } from "../docker/containers";
import type { RelayRequest } from "../relay/client";
import { LogShipper } from "./shipper";

const dockerHost = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
const socketPath = dockerHost.slice("unix://".length);
const engine = new Docker({ socketPath });
const installation = `l${process.pid}`;
const identity = { service: "orders", environment: "staging" };
const waitMs = { timeout: 60_000, interval: 100 };
const quiet = { ...createLog("agent"), debug() {}, info() {}, warn() {}, error() {} };
const root = fileURLToPath(new URL("../..", import.meta.url));

let image: string;
let folder: string;
let writer: InstanceLogWriter;
let relay: Server;
let isAway: boolean;
let refused: string | null;
let loseAnswers: boolean;
const children: ChildProcess[] = [];
const stops: (() => void)[] = [];

beforeAll(async () => {
	image = (await ensureBaseImage({ dockerHost })).reference;
}, 300_000);
beforeEach(async () => {
	folder = mkdtempSync(`${tmpdir()}/sluice-shipped-`);
	writer = new InstanceLogWriter(`${folder}/home`);
	isAway = false;
	refused = null;
	loseAnswers = false;
	relay = createServer((request, response) => {
		void (json(request) as Promise<LogBatch>).then(async (batch) => {
			if (isAway) return response.writeHead(503).end("away");
			if (batch.logs.some(({ instance }) => instance === refused)) return response.writeHead(403).end("not yours");
			for (const one of batch.logs) await writer.append(identity, one.instance, one.container, one.lines);
			return loseAnswers ? response.destroy() : response.writeHead(204).end();
		});
	});
	await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
	for (const child of children.splice(0)) child.kill("SIGKILL");
	for (const stop of stops.splice(0)) stop();
	for (const { containerId } of await listContainers(engine, installation))
		await engine.getContainer(containerId).remove({ force: true });
	relay.closeAllConnections();
	relay.close();
	rmSync(folder, { recursive: true, force: true });
});

async function run(instance: string, script: string): Promise<Docker.Container> {
	const container = await engine.createContainer({
		Image: image,
		Entrypoint: ["node", "-e", script],
		Labels: { [labels.installation]: installation, [labels.instance]: instance, [labels.role]: "instance" },
		HostConfig: { LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } } },
	});
	await container.start();
	return container;
}

/** Counts up on both streams: every 20 ms ten lines. */
const counting =
	"let n = 0; setInterval(() => { for (let i = 0; i < 10; i += 1) { n += 1; process[n % 3 ? 'stdout' : 'stderr'].write('count ' + n + '\\n'); } }, 20)";

function startAgent(): ChildProcess {
	const { port } = relay.address() as AddressInfo;
	const argv = ["--import", "tsx", "agents/logs/testing/lone-shipper.ts", socketPath, installation];
	const child = spawn(process.execPath, [...argv, `http://127.0.0.1:${port}`, `${folder}/positions.json`], {
		cwd: root,
		stdio: "ignore",
	});
	children.push(child);
	return child;
}

async function kept(instance: string | null = null): Promise<readonly InstanceLine[]> {
	const query = { direction: "forward", instance, from: null, since: null, until: null, search: "", limit: 1e6 } as const;
	return (await readLog(`${folder}/home`, identity, query)).lines;
}
const counts = async () => (await kept()).map(({ text }) => Number(text.replace("count ", "")));
const reaches = (count: number) => vi.waitFor(async () => expect((await counts()).length).toBeGreaterThan(count), waitMs);
/** Both streams have a pipe of their own: neighbours may change places, nothing may be missing. */
const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** A shipper in this process; its relay is the test's own. */
function shipperHere(): { shipper: LogShipper; look(): Promise<void> } {
	const ask = async <T>({ body }: RelayRequest): Promise<{ body: T; etag: null } | null> => {
		if (isAway) throw new AppError("unavailable", "away");
		for (const one of (body as LogBatch).logs) await writer.append(identity, one.instance, one.container, one.lines);
		return null;
	};
	const shipper = new LogShipper({ engine, relay: { ask }, file: `${folder}/positions.json`, log: quiet });
	stops.push(() => shipper.stop());
	return { shipper, look: async () => shipper.see(await listContainers(engine, installation)) };
}

test("an agent killed again and again, and answers that get lost: no line twice, none lost, in order", async () => {
	const container = await run("orders-staging-1-1a", counting);
	for (const [index, most] of [200, 500, 900].entries()) {
		loseAnswers = index === 1;
		const agent = startAgent();
		await reaches(most);
		agent.kill("SIGKILL");
	}
	loseAnswers = false;
	await container.stop({ t: 0 });
	startAgent();
	const total = await vi.waitFor(async () => {
		const all = (await container.logs({ stdout: true, stderr: true })) as unknown as Buffer;
		const count = all.toString("latin1").split("count ").length - 1;
		expect((await counts()).length).toBe(count);
		return count;
	}, waitMs);
	expect(sorted(await counts())).toEqual(upTo(total));
	const lines = await kept();
	expect(lines.map(({ number }) => number)).toEqual(upTo(total));
	expect(new Set(lines.map(({ stream }) => stream))).toEqual(new Set(["out", "err"]));
});

test("while the relay is away little is held in memory; when it is back nothing is missing", async () => {
	isAway = true;
	await run("orders-staging-1-1a", "for (let n = 1; n <= 20000; n += 1) console.log('count ' + n + ' ' + 'x'.repeat(200))");
	const { shipper, look } = shipperHere();
	const before = process.memoryUsage().heapUsed;
	const looking = setInterval(() => void look(), 300);
	stops.push(() => clearInterval(looking));
	await vi.waitFor(async () => expect((await listContainers(engine, installation))[0]?.state).toBe("exited"), waitMs);
	expect(process.memoryUsage().heapUsed - before).toBeLessThan(50e6);
	expect(await kept()).toEqual([]);
	isAway = false;
	// More than 5,000 in a second are dropped, and counted.
	const told = async () => {
		const lines = await kept();
		const dropped = lines.reduce((sum, { text }) => sum + Number(/dropped (\d+) lines/.exec(text)?.[1] ?? 0), 0);
		return lines.filter(({ stream }) => stream === "out").length + dropped;
	};
	await vi.waitFor(async () => expect(await told()).toBe(20_000), waitMs);
	clearInterval(looking);
	shipper.stop();
	expect((await kept()).length).toBeGreaterThanOrEqual(5_000);
});

test("what is hostile arrives as text, a line of 1 MB is cut and says so", async () => {
	const script = `process.stdout.write("\\u001b[31mred\\u001b[0m\\r\\n10 %\\r20 %\\n" + "y".repeat(1024 * 1024) + "\\n");
		process.stdout.write(Buffer.from([0, 1, 0xff, 0xfe, 10])); process.stdout.write("<script>alert(1)</script>\\nno end")`;
	await run("orders-staging-1-1a", script);
	startAgent();
	await vi.waitFor(async () => expect((await kept()).at(-1)?.text).toBe("no end"), waitMs);
	expect((await kept()).map(({ text }) => text)).toEqual([
		...["\u001b[31mred\u001b[0m", "10 %\r20 %", `${"y".repeat(16_384)} [Sluice cut ${1024 * 1024 - 16_384} bytes of this line]`],
		...["\u0000\u0001\ufffd\ufffd", "<script>alert(1)</script>", "no end"],
	]);
});

test("what a container says last is kept though it is removed, and a restarted one goes on", async () => {
	const script =
		"console.log('started'); process.on('SIGTERM', () => { for (let n = 0; n < 500; n += 1) console.log('last ' + n); process.exit(); }); setInterval(() => {}, 1000)";
	const container = await run("orders-staging-1-1a", script);
	const { shipper, look } = shipperHere();
	await look();
	await vi.waitFor(async () => expect((await kept()).length).toBe(1), waitMs);
	await container.restart();
	await look();
	await vi.waitFor(async () => expect((await kept()).length).toBe(502), waitMs);
	await removeContainer(engine, container.id, 5_000, () => shipper.finish(container.id));
	expect((await kept()).map(({ text }) => text).slice(-2)).toEqual(["last 498", "last 499"]);
	expect(await kept()).toHaveLength(1 + 500 + 1 + 500);
	await look();
	// Forgotten with its container.
	await run("orders-staging-1-1b", "console.log('other'); setInterval(() => {}, 1000)");
	await look();
	await vi.waitFor(async () => expect(await kept("orders-staging-1-1b")).toHaveLength(1), waitMs);
	shipper.stop();
	await vi.waitFor(
		() => expect(Object.keys(JSON.parse(readFileSync(`${folder}/positions.json`, "utf8")))).toHaveLength(1),
		waitMs,
	);
});

test("an instance that is refused does not keep the others waiting; lost positions send nothing twice", async () => {
	refused = "orders-staging-1-1a";
	await run("orders-staging-1-1a", counting);
	await run("orders-staging-1-1b", counting);
	const agent = startAgent();
	await vi.waitFor(async () => expect((await kept("orders-staging-1-1b")).length).toBeGreaterThan(100), waitMs);
	expect(await kept("orders-staging-1-1a")).toEqual([]);
	agent.kill("SIGKILL");
	writeFileSync(`${folder}/positions.json`, "{torn");
	refused = null;
	startAgent();
	await vi.waitFor(async () => expect((await kept("orders-staging-1-1a")).length).toBeGreaterThan(100), waitMs);
	await vi.waitFor(async () => expect((await kept("orders-staging-1-1b")).length).toBeGreaterThan(400), waitMs);
	for (const instance of ["orders-staging-1-1a", "orders-staging-1-1b"]) {
		const lines = await kept(instance);
		expect(lines.map(({ number }) => number)).toEqual(upTo(lines.length));
	}
});
