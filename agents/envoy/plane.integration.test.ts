import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TrafficAck } from "@/domain/host/model";
import type { ServiceTraffic } from "@/domain/traffic/model";
import { createTrafficPlane, type TrafficPlane } from "./plane";
import { ask, eventually, log, startHost, startUpstream, trafficOf } from "./test/support";
import { Validator } from "./validator";

const gatewayPort = 27607;
const orders = "127.86.0.1";
const bills = "127.86.0.2";

/** Real Envoy, real ADS, small upstreams. The tests are one story: each starts from what the one before published. */
describe("traffic plane with a real Envoy", () => {
	let host: Awaited<ReturnType<typeof startHost>>;
	let plane: TrafficPlane;
	let a: Awaited<ReturnType<typeof startUpstream>>;
	let b: Awaited<ReturnType<typeof startUpstream>>;
	let services: ServiceTraffic[] = [];

	function publish(...changed: ServiceTraffic[]): void {
		const names = new Set(changed.map((traffic) => traffic.service));
		services = [...services.filter((traffic) => !names.has(traffic.service)), ...changed];
		const snapshot = { installation: "envt", services };
		host.keep(snapshot);
		plane.apply(snapshot);
	}

	const report = () => plane.report()[0];
	const ackOf = (service: string, revision: number): TrafficAck | undefined =>
		report()?.acks.find((ack) => ack.service === service && ack.revision === revision);
	const judged = (service: string, revision: number) => eventually(`${service} ${revision}`, () => ackOf(service, revision));
	const endpointOf = (instance: string) => report()?.endpoints.find((endpoint) => endpoint.instance === instance);
	const instanceOf = async (service: string) =>
		(JSON.parse((await ask("127.0.0.1", gatewayPort, { host: `${service}.localhost` })).body) as { instance: string }).instance;

	beforeAll(async () => {
		host = await startHost("envt", gatewayPort);
		a = await startUpstream("a");
		b = await startUpstream("b");
		plane = createTrafficPlane({ host: host.host, directory: host.directory, envoy: host.envoy, log });
		host.keep({ installation: "envt", services: [] });
		await plane.start();
		host.startEnvoy();
	});

	afterAll(async () => {
		await plane.stop();
		await host.killEnvoy();
		await Promise.all([a.stop(), b.stop()]);
		host.clean();
	});

	it("publishes a release, at the gateway and at the virtual address, and acknowledges it", async () => {
		publish(trafficOf("orders", 1, orders, [{ release: 1, weight: 100, endpoints: [a.endpoint()] }]));
		expect(await judged("orders", 1)).toMatchObject({ verdict: "ack", message: null });
		await eventually("a healthy", () => endpointOf("a")?.health === "healthy");
		expect(await instanceOf("orders")).toBe("a");
		expect((await ask(orders, 8080)).status).toBe(200);
	});

	it("answers an unknown host name with 404 and a sentence, and discloses no server", async () => {
		const answer = await ask("127.0.0.1", gatewayPort, { host: "nobody.localhost" });
		expect(answer.status).toBe(404);
		expect(answer.body).toContain("No service answers to this host name");
		expect(answer.headers.server).toBeUndefined();
	});

	it("takes x-envoy-* headers from nobody, and shows none", async () => {
		const forged = { "x-envoy-upstream-rq-timeout-ms": "20", "x-envoy-max-retries": "9", "x-envoy-internal": "true" };
		// Honoured, the forged limit would end this with 504.
		const answer = await ask("127.0.0.1", gatewayPort, { host: "orders.localhost", ...forged }, "/slow?ms=200");
		expect(answer.status).toBe(200);
		expect(Object.keys(answer.headers).filter((name) => name.startsWith("x-envoy"))).toEqual([]);
		const seen = (JSON.parse(answer.body) as { headers: Record<string, string> }).headers;
		expect(Object.keys(seen).filter((name) => name.startsWith("x-envoy"))).toEqual([]);
	});

	it("lets a WebSocket upgrade through", async () => {
		const echoed = await new Promise<string>((resolve, reject) => {
			const call = request({
				host: "127.0.0.1",
				port: gatewayPort,
				headers: { host: "orders.localhost", connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" },
			});
			call.on("upgrade", (_answer, socket) => {
				socket.once("data", (data: Buffer) => {
					socket.destroy();
					resolve(data.toString());
				});
				socket.write("ping");
			});
			call.on("response", (answer) => reject(new Error(`status ${answer.statusCode}`)));
			call.on("error", reject);
			call.end();
		});
		expect(echoed).toBe("ping");
	});

	it("sends a warm release nothing, then obeys a shift within milliseconds", async () => {
		const warm = [
			{ release: 1, weight: 100, endpoints: [a.endpoint()] },
			{ release: 2, weight: 0, endpoints: [b.endpoint()] },
		];
		publish(trafficOf("orders", 2, orders, warm));
		await judged("orders", 2);
		await eventually("b healthy", () => endpointOf("b")?.health === "healthy");
		await Promise.all(Array.from({ length: 200 }, () => instanceOf("orders")));
		expect(b.served()).toBe(0);
		const shifted = warm.map((release) => ({ ...release, weight: 100 - release.weight }));
		const before = performance.now();
		publish(trafficOf("orders", 3, orders, shifted));
		await eventually("first request at b", async () => (await instanceOf("orders")) === "b");
		const obeyedMs = performance.now() - before;
		expect(await judged("orders", 3)).toMatchObject({ verdict: "ack" });
		console.log(
			`change to first obeying request: ${obeyedMs.toFixed(0)} ms; to acknowledgement: ${(performance.now() - before).toFixed(0)} ms`,
		);
		expect(obeyedMs).toBeLessThan(2000);
	});

	it("holds declared weights over 10,000 requests", async () => {
		const share = 0.1234;
		publish(
			trafficOf("orders", 4, orders, [
				{ release: 1, weight: 87.66, endpoints: [a.endpoint()] },
				{ release: 2, weight: 12.34, endpoints: [b.endpoint()] },
			]),
		);
		expect(await judged("orders", 4)).toMatchObject({ verdict: "ack" });
		const before = b.served();
		const total = 10_000;
		let sent = 0;
		const client = async () => {
			for (; sent < total; ) {
				sent += 1;
				await instanceOf("orders");
			}
		};
		await Promise.all(Array.from({ length: 16 }, client));
		const z = Math.abs(b.served() - before - total * share) / Math.sqrt(total * share * (1 - share));
		console.log(`weight 12.34: ${b.served() - before} of ${total}, z = ${z.toFixed(2)}`);
		// Two-sided p = 1e-6.
		expect(z).toBeLessThan(4.89);
	});

	it("sends a draining endpoint nothing new, lets its request end, and only then counts it quiet", async () => {
		const both = (state: "active" | "draining") => [{ release: 1, weight: 100, endpoints: [a.endpoint(state), b.endpoint()] }];
		publish(trafficOf("orders", 5, orders, both("active")));
		await judged("orders", 5);
		await eventually("both healthy", () => endpointOf("a")?.health === "healthy" && endpointOf("b")?.health === "healthy");
		const held = Array.from(
			{ length: 8 },
			async () => (await ask("127.0.0.1", gatewayPort, { host: "orders.localhost" }, "/held")).status,
		);
		await eventually("all requests at their instances", () => a.held() + b.held() === held.length);
		await eventually("requests in flight at a", () => (endpointOf("a")?.active ?? 0) > 0);
		publish(trafficOf("orders", 6, orders, both("draining")));
		expect(await judged("orders", 6)).toMatchObject({ verdict: "ack" });
		const before = a.served();
		const answers = await Promise.all(Array.from({ length: 300 }, () => instanceOf("orders")));
		expect(new Set(answers)).toEqual(new Set(["b"]));
		expect(a.served()).toBe(before);
		expect(endpointOf("a")).toMatchObject({ draining: true, quietSamples: 0 });
		a.release();
		b.release();
		await eventually("a is quiet", () => (endpointOf("a")?.quietSamples ?? 0) >= 2);
		expect(await Promise.all(held)).toEqual(Array.from({ length: 8 }, () => 200));
	});

	it("refuses a bad service by name, keeps its last good version, and goes on with the others", async () => {
		publish(trafficOf("bills", 1, bills, [{ release: 1, weight: 100, endpoints: [b.endpoint()] }]));
		expect(await judged("bills", 1)).toMatchObject({ verdict: "ack" });
		const bad = trafficOf("bills", 2, bills, [
			{ release: 2, weight: 100, endpoints: [{ ...b.endpoint(), address: "no address" }] },
		]);
		publish(bad, trafficOf("orders", 7, orders, [{ release: 1, weight: 100, endpoints: [b.endpoint()] }]));
		const refusal = await judged("bills", 2);
		expect(refusal.verdict).toBe("nack");
		expect(refusal.message).toContain("no address");
		expect(await judged("orders", 7)).toMatchObject({ verdict: "ack" });
		expect(await instanceOf("bills")).toBe("b");
		publish(trafficOf("bills", 3, bills, [{ release: 1, weight: 100, endpoints: [b.endpoint()] }]));
		expect(await judged("bills", 3)).toMatchObject({ verdict: "ack" });
	});

	it("has a changed structure checked before any Envoy meets it, and refuses that service only", async () => {
		const good = [{ release: 1, weight: 100, endpoints: [b.endpoint()] }];
		const doubled = { ...trafficOf("bills", 4, bills, good), gatewayHosts: ["bills.localhost", "bills.localhost"] };
		publish(doubled, trafficOf("orders", 8, orders, good));
		const refusal = await judged("bills", 4);
		expect(refusal.verdict).toBe("nack");
		expect(refusal.message).toMatch(/^envoy --mode validate refuses it: .*unique.*bills\.localhost/i);
		expect(refusal.message).not.toMatch(/validate\.json|exiting|\[critical\]/);
		expect(await judged("orders", 8)).toMatchObject({ verdict: "ack" });
		expect(await instanceOf("bills")).toBe("b");
	});

	it("checks only what it has not seen: a weight, an endpoint or the next release runs no program", async () => {
		const envoy = `${host.directory}/counting-envoy`;
		writeFileSync(envoy, `#!/bin/sh\necho run >> ${host.directory}/runs\nexec ${host.envoy} "$@"\n`, { mode: 0o755 });
		const runs = () =>
			existsSync(`${host.directory}/runs`) ? readFileSync(`${host.directory}/runs`, "utf8").split("\n").length - 1 : 0;
		let told = 0;
		const onVerdict = () => {
			told += 1;
		};
		const validator = new Validator({ host: host.host, directory: host.directory, envoy, log, onVerdict });
		const at = (revision: number, release: number, weight: number) =>
			trafficOf("checked", revision, "127.86.0.3", [{ release, weight, endpoints: [a.endpoint()] }]);
		expect(validator.verdictOf(at(1, 1, 0))).toBe(null);
		expect(validator.verdictOf(at(1, 1, 0))).toBe(null);
		await eventually("told", () => told === 1);
		expect(runs()).toBe(1);
		const before = performance.now();
		const changes = 100;
		for (let revision = 2; revision < 2 + changes; revision += 1)
			expect(validator.verdictOf(at(revision, revision, revision % 100))).toEqual({ verdict: "ack" });
		console.log(`a change of weights costs the check ${((performance.now() - before) / changes).toFixed(2)} ms`);
		const again = new Validator({ host: host.host, directory: host.directory, envoy, log, onVerdict });
		expect(again.verdictOf(at(1, 1, 50))).toEqual({ verdict: "ack" });
		expect(runs()).toBe(1);
	});

	it("checks many new structures together: an agent that begins feeds its Envoys soon", async () => {
		const envoy = `${host.directory}/batching-envoy`;
		const file = `${host.directory}/batches`;
		writeFileSync(envoy, `#!/bin/sh\necho run >> ${file}\nexec ${host.envoy} "$@"\n`, { mode: 0o755 });
		const validator = new Validator({ host: host.host, directory: host.directory, envoy, log, onVerdict: () => {} });
		const services = Array.from({ length: 40 }, (_, index) =>
			trafficOf(`many-${index}`, 1, `127.86.2.${index + 1}`, [{ release: 1, weight: 100, endpoints: [a.endpoint()] }]),
		);
		await validator.settle(services);
		expect(services.map((traffic) => validator.verdictOf(traffic)?.verdict)).toEqual(services.map(() => "ack"));
		// The first of them begins a check by itself, the others go with the next.
		expect(readFileSync(file, "utf8").split("\n").length - 1).toBeLessThanOrEqual(2);
	});

	it("keeps what was good before a refusal also when agent and Envoy begin anew", async () => {
		await plane.stop();
		await host.killEnvoy();
		plane = createTrafficPlane({ host: host.host, directory: host.directory, envoy: host.envoy, log });
		await plane.start();
		host.startEnvoy();
		expect(await judged("bills", 4)).toMatchObject({ verdict: "nack" });
		await eventually("healthy again", () => endpointOf("b")?.health === "healthy");
		expect(await instanceOf("bills")).toBe("b");
		publish(trafficOf("bills", 5, bills, [{ release: 1, weight: 100, endpoints: [b.endpoint()] }]));
		expect(await judged("bills", 5)).toMatchObject({ verdict: "ack" });
	});

	it("refuses an older revision", async () => {
		const older = trafficOf("orders", 6, orders, []);
		const next = trafficOf("bills", 6, bills, [{ release: 1, weight: 100, endpoints: [b.endpoint()] }]);
		plane.apply({ installation: "envt", services: [older, next] });
		await judged("bills", 6);
		expect(ackOf("orders", 8)).toMatchObject({ verdict: "ack" });
		expect(await instanceOf("orders")).toBe("b");
		publish(next);
	});

	it("serves on while the agent is away, and acknowledges again from disk with Envoy untouched", async () => {
		await plane.stop();
		const answers = await Promise.all(Array.from({ length: 100 }, () => instanceOf("orders")));
		expect(new Set(answers)).toEqual(new Set(["b"]));
		plane = createTrafficPlane({ host: host.host, directory: host.directory, envoy: host.envoy, log });
		await plane.start();
		const before = performance.now();
		expect(await judged("orders", 8)).toMatchObject({ verdict: "ack" });
		console.log(`agent restart to acknowledgement: ${(performance.now() - before).toFixed(0)} ms`);
		expect(host.isEnvoyRunning()).toBe(true);
		publish(trafficOf("orders", 9, orders, [{ release: 1, weight: 100, endpoints: [a.endpoint()] }]));
		expect(await judged("orders", 9)).toMatchObject({ verdict: "ack" });
		await eventually("a healthy", () => endpointOf("a")?.health === "healthy");
		expect(await instanceOf("orders")).toBe("a");
	});

	it("gives a cold Envoy everything", async () => {
		await host.killEnvoy();
		await eventually("seen dead", () => report()?.alive === false);
		host.startEnvoy();
		await eventually("acknowledged by the new one", () => report()?.alive && ackOf("orders", 9) && ackOf("bills", 6));
		await eventually("a healthy", () => endpointOf("a")?.health === "healthy");
		expect(await instanceOf("orders")).toBe("a");
		expect(await instanceOf("bills")).toBe("b");
	});

	it("feeds a service with long names and many ports as soon as any other", async () => {
		const before = performance.now();
		const ports = Array.from({ length: 12 }, (_, index) => ({
			name: `port-${"x".repeat(40)}-${index}`,
			port: 8080 + index,
			protocol: "http" as const,
		}));
		const endpoint = { ...a.endpoint(), ports: Object.fromEntries(ports.map(({ name }) => [name, a.port])) };
		const release = { release: 1, weight: 100, health: { kind: "http" as const, port: ports[0]?.name ?? "", path: "/health" } };
		const name = `long-${"n".repeat(50)}`;
		const long = { ...trafficOf(name, 1, "127.86.0.9", []), ports, releases: [{ ...release, endpoints: [endpoint] }] };
		publish(long);
		expect(await judged(name, 1)).toMatchObject({ verdict: "ack" });
		const tookMs = performance.now() - before;
		console.log(`a service with long names is acknowledged after ${tookMs.toFixed(0)} ms`);
		// A question that Envoy refuses shows as a deadline of 10 s.
		expect(tookMs).toBeLessThan(8_000);
		services = services.filter((traffic) => traffic.service !== name);
		publish();
		await eventually("it is gone", () => report()?.acks.every((ack) => ack.service !== name));
	});

	it("removes a service and its host name", async () => {
		services = services.filter((traffic) => traffic.service !== "bills");
		publish();
		await eventually("bills gone", async () => (await ask("127.0.0.1", gatewayPort, { host: "bills.localhost" })).status === 404);
		expect(await instanceOf("orders")).toBe("a");
		await expect(
			eventually("refused", () =>
				ask(bills, 8080).then(
					() => false,
					() => true,
				),
			),
		).resolves.toBe(true);
	});
});
