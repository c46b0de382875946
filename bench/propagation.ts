/**
 * How long from a changed snapshot to its obedience: the agent's own traffic plane feeds a pair of real Envoys, all
 * weight of one service moves between two releases, and kept connections on both proxies ask without a pause. Measured
 * from the plane's `apply` to the answer after which every connection gets the new release, and to the last proxy's
 * acknowledgement. Keeps its promise when obedience is within the targets at every size.
 */
import { createServer, type Server } from "node:http";
import net, { type AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { adminSocket } from "@/domain/envoy/bootstrap";
import { connectionsOf } from "./support/connections";
import { PlaneProcess } from "./support/plane-process";
import { Probes } from "./support/probes";
import { quantile } from "./support/quantile";
import { formatTable } from "./support/table";
import { measuredHost, type Upstreams } from "./support/traffic-fleet";

const sizes = [
	{ endpoints: 100, changes: 300, targetMs: 50 },
	{ endpoints: 1_000, changes: 300, targetMs: 150 },
	{ endpoints: 10_000, changes: 100, targetMs: 1_000 },
] as const;
/** One size only, for who works on it. */
const only = Number(process.argv[3] ?? 0);
/** Two runs on one machine must not share sockets. */
const installation = `benchp${process.pid}`;
const gatewayPort = Number(process.env.SLUICE_BENCH_PORT_BASE ?? 18_400) + 20;
const head = ["endpoints", "what", "p50", "p95", "p99", "most", "target p99", ""];

interface Measured {
	readonly services: number;
	readonly obeyedMs: readonly number[];
	readonly acknowledgedMs: readonly number[];
	readonly fullBytes: number;
	readonly changeBytes: number;
	readonly strange: ReadonlyMap<string, number>;
}

export async function benchPropagation(): Promise<boolean> {
	const upstreams = await openUpstreams();
	const rows: string[][] = [];
	let isKept = true;
	try {
		for (const { endpoints, changes, targetMs } of sizes.filter((size) => only === 0 || size.endpoints === only)) {
			const seen = await measure(endpoints, changes, upstreams.ports);
			const isMet = quantile(seen.obeyedMs, 0.99) <= targetMs && seen.strange.size === 0;
			isKept &&= isMet;
			const size = `${endpoints.toLocaleString("en-US")} in ${seen.services.toLocaleString("en-US")} services`;
			rows.push([size, "obeyed", ...figures(seen.obeyedMs), `${targetMs} ms`, isMet ? "met" : "not met"]);
			rows.push(["", "acknowledged", ...figures(seen.acknowledgedMs), "", ""]);
			process.stderr.write(`${formatTable(head, rows)}\n`);
			process.stderr.write(
				`  a change sends ${kilobytes(seen.changeBytes)}, a full push would be ${kilobytes(seen.fullBytes)} (its time is not measured)\n`,
			);
			for (const [answer, count] of seen.strange) process.stderr.write(`  ${count} x ${answer}\n`);
		}
	} finally {
		upstreams.close();
	}
	process.stdout.write(`${formatTable(head, rows)}\n`);
	return isKept;
}

async function measure(endpoints: number, changes: number, upstreams: Upstreams): Promise<Measured> {
	const plane = new PlaneProcess({ kind: "start", installation, gatewayPort, endpoints, upstreams });
	try {
		const { services, fullBytes, changeBytes } = await plane.next("ready");
		const probes = new Probes({ address: "127.0.0.1", port: gatewayPort, host: measuredHost });
		const obeyedMs: number[] = [];
		const acknowledgedMs: number[] = [];
		try {
			await probes.obeyed("1");
			await coversBoth();
			for (let change = 1; change <= changes; change++) {
				const revision = change + 1;
				const release = change % 2 === 1 ? 2 : 1;
				const [applied, acknowledged] = [plane.next("applied", revision), plane.next("acknowledged", revision)];
				const obeyed = probes.obeyed(String(release));
				plane.send({ kind: "publish", revision, release });
				const { atMs } = await applied;
				obeyedMs.push((await obeyed) - atMs);
				acknowledgedMs.push((await acknowledged).atMs - atMs);
				// Not in step with anything that looks every second.
				await pause((change * 0.618034 * 200) % 200);
			}
		} finally {
			await probes.close();
		}
		return { services, obeyedMs, acknowledgedMs, fullBytes, changeBytes, strange: probes.strange };
	} finally {
		await plane.end();
	}
}

/** What is asked on one proxy only would say nothing about "every proxy". */
async function coversBoth(): Promise<void> {
	const counts = await Promise.all([0, 1].map((number) => connectionsOf(adminSocket({ installation, name: "h1" }, number))));
	if (counts.some((count) => count === 0))
		throw new Error(`The probes' connections are not on both proxies: ${counts.join(", ")}. Run it again.`);
	process.stderr.write(`  connections on the two proxies: ${counts.join(", ")}\n`);
}

function figures(durationsMs: readonly number[]): string[] {
	return [0.5, 0.95, 0.99, 1].map((q) => {
		const ms = quantile(durationsMs, q);
		return `${ms < 100 ? ms.toFixed(1) : Math.round(ms)} ms`;
	});
}

function kilobytes(bytes: number): string {
	return `${(bytes / 1000).toFixed(1)} kB`;
}

/** Both releases of the measured service, and one socket that accepts for all the padding: on every loopback address. */
async function openUpstreams(): Promise<{ ports: Upstreams; close(): void }> {
	const releases = ["1", "2"].map((release) =>
		createServer((_request, response) => {
			response.setHeader("x-release", release);
			response.end("ok\n");
		}),
	);
	const padding = net.createServer((socket) => socket.on("error", () => socket.destroy()).resume());
	const servers: (Server | net.Server)[] = [...releases, padding];
	const [first = 0, second = 0, third = 0] = await Promise.all(servers.map(listen));
	return {
		ports: { ports: [first, second], padding: third },
		close: () => {
			for (const server of releases) server.closeAllConnections();
			for (const server of servers) server.close();
		},
	};
}

function listen(server: Server | net.Server): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen({ port: 0, host: "0.0.0.0", backlog: 4_096 }, () => resolve((server.address() as AddressInfo).port));
	});
}
