import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { judge } from "./judge";
import type { LoadPlan } from "./model";
import { runLoad } from "./run";

const service = fileURLToPath(new URL("../service/server.mjs", import.meta.url));
const running = new Set<ChildProcess>();

afterEach(() => {
	for (const child of running) child.kill("SIGKILL");
	running.clear();
});

async function freePort(): Promise<number> {
	const server = net.createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as net.AddressInfo;
	server.close();
	await once(server, "close");
	return port;
}

async function startService(port: number, release: string): Promise<ChildProcess> {
	const child = spawn(process.execPath, [service], {
		env: { ...process.env, PORT: String(port), RELEASE: release },
		stdio: "ignore",
	});
	running.add(child);
	const deadline = Date.now() + 10_000;
	for (;;) {
		const isUp = await fetch(`http://127.0.0.1:${port}/healthz`).then(
			(answer) => answer.ok,
			() => false,
		);
		if (isUp) return child;
		if (Date.now() > deadline) throw new Error("the bench's service did not start");
	}
}

function planOf(port: number): LoadPlan {
	return {
		address: "127.0.0.1",
		port,
		host: "bench.test",
		durationMs: 2_000,
		rates: { keepAlive: 100, newConnection: 50, long: 2, stream: 3 },
		longMs: 1_000,
		streamMs: { least: 500, most: 2_000 },
		timeoutMs: 10_000,
	};
}

test("a service that is left alone shows no failure, no long one, no cut stream", async () => {
	const port = await freePort();
	await startService(port, "1");
	const verdict = judge(await runLoad(planOf(port)));
	expect(verdict).toMatchObject({ failed: 0, longFailed: 0, streamsCut: 0, streams: 6, causes: [] });
	expect(verdict.requests).toBe(200 + 100 + 4 + 6);
	expect(Object.keys(verdict.releases)).toEqual(["1"]);
});

test("a service that is stopped and started under load shows failures, long ones and cut streams", async () => {
	const port = await freePort();
	const first = await startService(port, "1");
	const load = runLoad(planOf(port));
	setTimeout(() => first.kill("SIGTERM"), 700);
	await once(first, "exit");
	await startService(port, "2");
	const verdict = judge(await load);
	expect(verdict.failed).toBeGreaterThan(0);
	expect(verdict.longFailed).toBeGreaterThan(0);
	expect(verdict.streamsCut).toBeGreaterThan(0);
	expect(Object.keys(verdict.releases).sort()).toEqual(["1", "2"]);
});
