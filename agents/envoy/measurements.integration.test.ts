import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Measurement } from "@/domain/analysis/measurement";
import { adminSocket } from "@/domain/envoy/bootstrap";
import { createTrafficPlane, type TrafficPlane } from "./plane";
import { ask, eventually, log, startHost, startUpstream, trafficOf } from "./test/support";

const gatewayPort = 27617;
const address = "127.86.1.1";
const orders = { host: "orders.localhost" };

/** A real Envoy, known requests: what the agent counted is exactly what was sent, and what Envoy's own counters say. */
describe("what a real Envoy's requests are counted as", () => {
	let host: Awaited<ReturnType<typeof startHost>>;
	let plane: TrafficPlane;
	let a: Awaited<ReturnType<typeof startUpstream>>;
	let b: Awaited<ReturnType<typeof startUpstream>>;
	let revision = 0;
	let aheadMs = 0;

	async function publish(service: string, releases: Parameters<typeof trafficOf>[3], isHealthy = true): Promise<void> {
		revision += 1;
		const traffic = trafficOf(service, revision, address, releases);
		host.keep({ installation: "envm", services: [traffic] });
		plane.apply({ installation: "envm", services: [traffic] });
		const report = () => plane.report()[0];
		await eventually("acknowledged", () => report()?.acks.some((ack) => ack.revision === revision && ack.verdict === "ack"));
		const wanted = isHealthy ? "healthy" : "unhealthy";
		await eventually(wanted, () => report()?.endpoints.every((endpoint) => endpoint.health === wanted));
	}

	/** All that was counted since the last time, once nothing has come for a while: by release. */
	async function counted(requests: number): Promise<Map<number, Pick<Measurement, "requests" | "failures" | "latenciesUs">>> {
		const sums = new Map<number, { requests: number; failures: number; latenciesUs: number[] }>();
		let all = 0;
		await eventually(`${requests} requests counted`, () => {
			for (const measurement of takeEarly()) {
				const sum = sums.get(measurement.release) ?? { requests: 0, failures: 0, latenciesUs: [] };
				sum.requests += measurement.requests;
				sum.failures += measurement.failures;
				sum.latenciesUs.push(...measurement.latenciesUs);
				sums.set(measurement.release, sum);
				all += measurement.requests;
			}
			return all >= requests;
		});
		expect(all).toBe(requests);
		return sums;
	}

	/** Each time further ahead: buckets that are still open are given too. */
	function takeEarly(): readonly Measurement[] {
		aheadMs += 10_000;
		return plane.takeMeasurements(Date.now() + aheadMs)[0]?.measurements ?? [];
	}

	const send = (count: number, path: string) =>
		Promise.all(Array.from({ length: count }, () => ask("127.0.0.1", gatewayPort, orders, path)));

	beforeAll(async () => {
		host = await startHost("envm", gatewayPort);
		a = await startUpstream("a");
		b = await startUpstream("b");
		plane = createTrafficPlane({ host: host.host, directory: host.directory, envoy: host.envoy, log });
		host.keep({ installation: "envm", services: [] });
		await plane.start();
		host.startEnvoy();
	});

	afterAll(async () => {
		await plane.stop();
		await host.killEnvoy();
		await Promise.all([a.stop(), b.stop()]);
		host.clean();
	});

	it("counts good, failed, slow, broken and upgraded requests of each release exactly, as Envoy does", async () => {
		await publish("orders", [
			{ release: 1, weight: 50, endpoints: [a.endpoint()] },
			{ release: 2, weight: 50, endpoints: [b.endpoint()] },
		]);
		const ways = [
			{ count: 400, path: "/" },
			{ count: 100, path: "/?code=500" },
			{ count: 50, path: "/?code=404" },
			{ count: 20, path: "/?ms=300" },
		];
		for (const { count, path } of ways) await send(count, path);
		expect((await ask(address, 8080)).status).toBe(200);
		await Promise.all(Array.from({ length: 10 }, () => cut("/break")));
		await upgrade();
		const sums = await counted(582);
		const both = (pick: "requests" | "failures") => (sums.get(1)?.[pick] ?? 0) + (sums.get(2)?.[pick] ?? 0);
		expect([...sums.keys()].sort()).toEqual([1, 2]);
		expect([both("requests"), both("failures")]).toEqual([582, 110]);
		for (const [release, upstream] of [
			[1, a],
			[2, b],
		] as const) {
			const counters = await countersOf(host.host, `orders/staging/${release}/http`);
			console.log(
				`release ${release}: ${JSON.stringify({ ...sums.get(release), latenciesUs: undefined })}, Envoy ${JSON.stringify(counters)}`,
			);
			// An upgrade is counted by the upstream as none of its requests, and by Envoy as one.
			expect([upstream.served(), upstream.served() + 1]).toContain(sums.get(release)?.requests);
			expect(sums.get(release)?.requests).toBe(counters.upstream_rq_completed);
			expect(sums.get(release)?.failures).toBe(
				(counters.upstream_rq_5xx ?? 0) + (counters.upstream_cx_destroy_remote_with_active_rq ?? 0),
			);
		}
		const latencies = [...(sums.get(1)?.latenciesUs ?? []), ...(sums.get(2)?.latenciesUs ?? [])];
		expect(latencies.every((us) => Number.isInteger(us) && us > 20)).toBe(true);
		const slow = latencies.filter((us) => us >= 300_000);
		expect(slow.length).toBeGreaterThan(0);
		expect(slow.length).toBeLessThanOrEqual(20);
		expect(Math.max(...slow)).toBeLessThan(2_000_000);
	});

	it("does not blame a release for clients that went away", async () => {
		await Promise.all(Array.from({ length: 7 }, () => leave("/?ms=1000", 200)));
		const sums = await counted(7);
		expect([...sums.values()].reduce((sum, { failures }) => sum + failures, 0)).toBe(0);
	});

	it("counts a release without a healthy instance as failing, and a service without a release under release 0", async () => {
		await publish("orders", [{ release: 3, weight: 100, endpoints: [{ ...a.endpoint(), ports: { http: 1 } }] }], false);
		await send(5, "/");
		expect(await counted(5)).toMatchObject(new Map([[3, { requests: 5, failures: 5 }]]));
		await publish("orders", []);
		await send(6, "/");
		expect(await counted(6)).toMatchObject(new Map([[0, { requests: 6, failures: 6 }]]));
	});

	it("counts nothing for an unknown host name", async () => {
		await publish("orders", [{ release: 4, weight: 100, endpoints: [a.endpoint()] }]);
		await ask("127.0.0.1", gatewayPort, { host: "nobody.localhost" });
		await send(1, "/");
		expect([...(await counted(1)).keys()]).toEqual([4]);
	});

	it("goes on with Envoys that were there before the agent", async () => {
		await plane.stop();
		plane = createTrafficPlane({ host: host.host, directory: host.directory, envoy: host.envoy, log });
		await plane.start();
		await eventually("fed again", () => plane.report()[0]?.acks.some((ack) => ack.revision === revision));
		// What was sent over the broken stream is lost: only from the first that comes is it exact again.
		await eventually("the log is back", async () => {
			await send(1, "/");
			return takeEarly().length;
		});
	});

	/** An answer that breaks off is an error to the client. */
	async function cut(path: string): Promise<void> {
		await expect(ask("127.0.0.1", gatewayPort, orders, path)).rejects.toThrow();
	}

	function leave(path: string, afterMs: number): Promise<void> {
		return new Promise((resolve) => {
			const call = request({ host: "127.0.0.1", port: gatewayPort, path, headers: orders, agent: false });
			call.on("error", () => resolve());
			call.end();
			setTimeout(() => call.destroy(), afterMs);
		});
	}

	function upgrade(): Promise<void> {
		return new Promise((resolve, reject) => {
			const headers = { ...orders, connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
			const call = request({ host: "127.0.0.1", port: gatewayPort, headers });
			call.on("upgrade", (_answer, socket) => {
				socket.end();
				socket.on("close", () => resolve());
				socket.resume();
			});
			call.on("error", reject);
			call.end();
		});
	}
});

function countersOf(host: { installation: string; name: string }, cluster: string): Promise<Record<string, number>> {
	const prefix = `cluster.${cluster}.`;
	return new Promise((resolve, reject) => {
		const path = `/stats?format=json&filter=${encodeURIComponent(`^${prefix}(upstream_rq_(completed|5xx)|upstream_cx_destroy_remote_with_active_rq)$`)}`;
		const call = request({ socketPath: adminSocket(host, 0), path }, (answer) => {
			const parts: Buffer[] = [];
			answer.on("data", (part: Buffer) => parts.push(part));
			answer.on("end", () => {
				const { stats } = JSON.parse(Buffer.concat(parts).toString()) as { stats: { name: string; value: number }[] };
				resolve(Object.fromEntries(stats.map(({ name, value }) => [name.slice(prefix.length), value])));
			});
		});
		call.on("error", reject);
		call.end();
	});
}
