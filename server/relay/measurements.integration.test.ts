import { afterAll, beforeAll, expect, test } from "vitest";
import { announceReady } from "@/adapters/installation/ready";
import type { Measurement } from "@/domain/analysis/measurement";
import { openTestRelay, type TestRelay } from "@/server/relay/testing/open-test-relay";
import type { TestHost } from "@/server/relay/testing/test-host";
import { measureRelease } from "@/server/store/measurement";

let relay: TestRelay;
let host: TestHost;
const identity = { service: "orders", environment: "staging" };

beforeAll(async () => {
	relay = await openTestRelay();
	host = await relay.joined("m1");
	await relay.database.environment.create({ data: { name: "staging", position: 1 } });
	await relay.database.service.create({ data: { name: "orders", createdBy: "u" } });
	await relay.database.serviceEnvironment.create({ data: { ...identity, virtualAddress: "10.254.0.1" } });
});
afterAll(async () => relay.close());

const nowMs = Math.floor(Date.now() / 5_000) * 5_000;
const bucket = (atMs: number, more: Partial<Measurement> = {}): Measurement => ({
	...{ ...identity, release: 1, atMs, requests: 4, failures: 1, latenciesUs: [900, 90_000] },
	...more,
});
const report = (measurements: unknown[], proxy = "m1/envoy-0", sentMs = Date.now()) =>
	host.send("POST", "/v1/measurements", { nowMs: sentMs, proxies: [{ proxy, measurements }] });
const measured = (from: number, to: number, release = 1) =>
	measureRelease(relay.database, { ...identity, release, from: new Date(from), to: new Date(to) });

test("a bucket is kept and counted once, however often it is sent", async () => {
	for (let time = 0; time < 3; time += 1) expect((await report([bucket(nowMs - 10_000)])).status).toBe(204);
	expect(await measured(nowMs - 10_000, nowMs)).toEqual({ requests: 4, failures: 1, latenciesUs: [900, 90_000] });
	const metrics = await (await fetch(relay.metricsUrl)).text();
	const labels = `service="orders",environment="staging",release="1",proxy="m1/envoy-0"`;
	for (const line of [
		`sluice_proxy_requests_total{${labels},outcome="success"} 3`,
		`sluice_proxy_requests_total{${labels},outcome="failure"} 1`,
		`sluice_proxy_request_duration_seconds_bucket{${labels},le="0.0005"} 0`,
		`sluice_proxy_request_duration_seconds_bucket{${labels},le="0.001"} 2`,
		`sluice_proxy_request_duration_seconds_bucket{${labels},le="0.1"} 4`,
		`sluice_proxy_request_duration_seconds_bucket{${labels},le="+Inf"} 4`,
		`sluice_proxy_request_duration_seconds_count{${labels}} 4`,
	])
		expect(metrics.split("\n")).toContain(line);
});

test("a host reports only its own proxies", async () => {
	const refused = await report([bucket(nowMs - 20_000)], "m2/envoy-0");
	expect([refused.status, refused.body]).toEqual([
		403,
		{ code: "forbidden", message: "Host m1 cannot report for proxy m2/envoy-0." },
	]);
	const stranger = await relay.newHost();
	expect((await stranger.send("POST", "/v1/measurements", { nowMs, proxies: [] })).status).toBe(401);
	expect((await measured(nowMs - 20_000, nowMs - 15_000)).requests).toBe(0);
});

test("what cannot be true is refused", async () => {
	const wrong: Partial<Measurement>[] = [
		...[{ failures: 5 }, { requests: 1 }, { requests: 0 }, { latenciesUs: [] }, { latenciesUs: [-1] }],
		...[{ atMs: nowMs + 1 }, { release: 0.5 }, { latenciesUs: Array(201).fill(1), requests: 300 }],
	];
	for (const change of wrong) expect((await report([bucket(nowMs - 30_000, change)])).status).toBe(400);
	expect((await measured(nowMs - 30_000, nowMs - 25_000)).requests).toBe(0);
});

test("a host whose clock is an hour off is counted at the right time", async () => {
	const offMs = 3_600_000;
	await report([bucket(nowMs - 10_000 - offMs, { release: 2 })], "m1/envoy-0", Date.now() - offMs);
	expect((await measured(nowMs - 20_000, nowMs + 5_000, 2)).requests).toBe(4);
});

test("Prometheus sees the memory and processor time of what runs, on loopback and nothing else", async () => {
	announceReady(relay.env.home, "relay");
	const metrics = await (await fetch(relay.metricsUrl)).text();
	expect(Number(/^sluice_process_resident_memory_bytes\{component="relay"\} (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(1e7);
	expect(Number(/^sluice_process_cpu_seconds_total\{component="relay"\} ([\d.]+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0);
	expect((await fetch(relay.metricsUrl.replace("/metrics", "/"))).status).toBe(404);
});
