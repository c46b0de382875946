import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { adminSocket, drainTimeS } from "@/domain/envoy/bootstrap";
import { ownHostName } from "@/domain/installation";
import { drained } from "@/platform/supervisor/drain";
import { handOver } from "./hand-over";
import { createTrafficPlane, type TrafficPlane } from "./plane";
import { ask, eventually, log, startHost, startUpstream, trafficOf } from "./test/support";

const gatewayPort = 27617;
/** The control plane's own machine: it listens there, and on loopback. */
const hostAddress = "127.86.1.9";
const virtualAddress = "127.86.1.1";

let host: Awaited<ReturnType<typeof startHost>>;
let plane: TrafficPlane;
let upstream: Awaited<ReturnType<typeof startUpstream>>;

beforeAll(async () => {
	// As every agent of a pair does: without it a connection that waits to be accepted is reset.
	handOver(log);
	host = await startHost("envp", gatewayPort, { name: ownHostName, address: hostAddress });
	upstream = await startUpstream("a");
	const services = [trafficOf("orders", 1, virtualAddress, [{ release: 1, weight: 100, endpoints: [upstream.endpoint()] }])];
	host.keep({ installation: "envp", services });
	plane = createTrafficPlane({ host: host.host, directory: host.directory, envoy: host.envoy, log });
	await plane.start();
	for (const number of [0, 1]) host.startEnvoy(number);
	await fed(0);
	await fed(1);
});

afterAll(async () => {
	await plane.stop();
	for (const number of [0, 1]) await host.killEnvoy(number);
	await upstream.stop();
	host.clean();
});

const proxy = (number: number) => plane.report().find(({ id }) => id === `local/envoy-${number}`);

async function fed(number: number): Promise<void> {
	await eventually(
		`envoy-${number} is fed`,
		() => proxy(number)?.alive && proxy(number)?.acks[0]?.verdict === "ack" && proxy(number)?.endpoints[0]?.health === "healthy",
	);
}

/** Requests until `stop`: on kept connections and on new ones, some of them slow; what failed, in words. */
function load() {
	const kept = new Agent({ keepAlive: true, maxSockets: 16 });
	const failed: string[] = [];
	let isOver = false;
	let sent = 0;
	let open = 0;
	let mostOpen = 0;
	const ask = (host: string, agent: Agent | false, path: string) =>
		new Promise<void>((resolve) => {
			sent += 1;
			open += 1;
			mostOpen = Math.max(mostOpen, open);
			const end = (problem: string | null) => {
				open -= 1;
				if (problem !== null) failed.push(problem);
				resolve();
			};
			const call = request({ host, port: gatewayPort, path, agent, headers: { host: "orders.localhost" } }, (answer) => {
				answer.resume();
				answer.once("end", () => end(answer.statusCode === 200 ? null : `status ${answer.statusCode}`));
				answer.once("error", (error) => end(error.message));
			});
			call.once("error", (error) => end(error.message));
			call.end();
		});
	const client = async (index: number, agent: Agent | false, path: string) => {
		while (!isOver) {
			await ask(index % 2 === 0 ? hostAddress : "127.0.0.1", agent, path);
			await pause(10);
		}
	};
	const clients = [
		...Array.from({ length: 8 }, (_, index) => client(index, kept, "/")),
		...Array.from({ length: 4 }, (_, index) => client(index, false, "/")),
		...Array.from({ length: 2 }, (_, index) => client(index, kept, "/slow?ms=500")),
	];
	return {
		failed,
		async stop() {
			isOver = true;
			await Promise.all(clients);
			kept.destroy();
			return { sent, failed, mostOpen };
		},
	};
}

it("both are fed, acknowledge and observe, each for itself", () => {
	expect(plane.report().map(({ id, alive, acks, endpoints }) => [id, alive, acks.length, endpoints.length])).toEqual([
		["local/envoy-0", true, 1, 1],
		["local/envoy-1", true, 1, 1],
	]);
});

it("one of them killed loses only what was in flight on it, and is fed at once when it is back", async () => {
	const clients = load();
	await pause(500);
	await host.killEnvoy(1);
	await eventually("it is missed", () => proxy(1)?.alive === false);
	const before = performance.now();
	host.startEnvoy(1);
	await fed(1);
	const fedMs = performance.now() - before;
	const { sent, failed, mostOpen } = await clients.stop();
	console.log(
		`killed: ${failed.length} of ${sent} failed, ${mostOpen} in flight at most; fed again after ${fedMs.toFixed(0)} ms`,
	);
	expect(failed.length).toBeLessThanOrEqual(mostOpen);
	expect(fedMs).toBeLessThan(5_000);
});

it("one after the other restarted on purpose, no request fails", async () => {
	const clients = load();
	for (const number of [0, 1]) {
		const before = performance.now();
		await drained({ kind: "envoy", socket: adminSocket(host.host, number), hasPeer: true, deadlineMs: 30_000 }, () => false);
		console.log(
			`envoy-${number} is quiet after ${((performance.now() - before) / 1000).toFixed(1)} s (drain time ${drainTimeS} s)`,
		);
		await host.killEnvoy(number, "SIGTERM");
		host.startEnvoy(number);
		await fed(number);
	}
	const { sent, failed } = await clients.stop();
	expect(sent).toBeGreaterThan(5_000);
	expect(failed).toEqual([]);
});

it("told to end at once, it loses what is in flight on it: the test above can fail", async () => {
	const inFlight = 16;
	const before = upstream.held();
	const asked = Array.from({ length: inFlight }, () =>
		ask(hostAddress, gatewayPort, { host: "orders.localhost" }, "/held").then(({ status }) => status === 200),
	);
	const answered = Promise.all(asked.map((one) => one.catch(() => false)));
	await eventually("all are in flight", () => upstream.held() === before + inFlight);
	await host.killEnvoy(0, "SIGTERM");
	upstream.release();
	expect(await answered).toContain(false);
	host.startEnvoy(0);
	await fed(0);
});
