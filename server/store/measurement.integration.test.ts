import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Measurement } from "@/domain/analysis/measurement";
import { measureRelease, readMeasurements, recordMeasurements, removeOldMeasurements } from "@/server/store/measurement";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";

let scratch: ScratchDatabase;
const identity = { service: "orders", environment: "staging" };
const start = Date.parse("2026-11-23T10:00:00.000Z");
const span = { ...identity, from: new Date(start), to: new Date(start + 60_000) };

beforeAll(async () => {
	scratch = await scratchDatabase();
	await scratch.database.environment.create({ data: { name: "staging", position: 1 } });
	await scratch.database.service.create({ data: { name: "orders", createdBy: "u" } });
	await scratch.database.serviceEnvironment.create({ data: { ...identity, virtualAddress: "10.254.0.1" } });
});
afterAll(async () => scratch.drop());
beforeEach(async () => {
	await scratch.database.measurement.deleteMany();
});

function bucket(offsetMs: number, latenciesUs: number[], more: Partial<Measurement> = {}): Measurement {
	return { ...identity, release: 1, atMs: start + offsetMs, requests: latenciesUs.length, failures: 0, latenciesUs, ...more };
}

const record = (host: string, proxy: string, ...measurements: Measurement[]) =>
	recordMeasurements(scratch.database, host, [{ proxy, measurements }]);

describe("measurements", () => {
	it("are summed over proxies and buckets that begin in the span", async () => {
		await record("h1", "h1/envoy-0", bucket(-5_000, [1]), bucket(0, [10, 20], { failures: 1 }), bucket(60_000, [2]));
		await record("h2", "h2/envoy-0", bucket(0, [30]), bucket(55_000, [40], { failures: 1 }), bucket(0, [9], { release: 2 }));
		expect(await measureRelease(scratch.database, { ...span, release: 1 })).toEqual({
			requests: 4,
			failures: 2,
			latenciesUs: [10, 20, 30, 40],
		});
		expect(await measureRelease(scratch.database, { ...span, release: 3 })).toEqual({
			requests: 0,
			failures: 0,
			latenciesUs: [],
		});
	});

	it("count once however often they are sent", async () => {
		for (let time = 0; time < 3; time += 1) await record("h1", "h1/envoy-0", bucket(0, [10, 20]));
		await record("h1", "h1/envoy-0", bucket(0, [10, 20, 30]));
		expect((await measureRelease(scratch.database, { ...span, release: 1 })).requests).toBe(2);
	});

	it("are taken only of the host's own proxies and of services that exist", async () => {
		await record("h1", "h2/envoy-0", bucket(0, [10]));
		await record("h", "h1/envoy-0", bucket(0, [10]));
		await record("h1", "h1/envoy-0", bucket(0, [10], { service: "nobody" }));
		expect(await scratch.database.measurement.count()).toBe(0);
	});

	it("weigh a proxy by its requests, not by the size of its sample", async () => {
		const sample = (value: number) => Array.from({ length: 200 }, () => value);
		await record("h1", "h1/envoy-0", bucket(0, sample(10), { requests: 9_000 }));
		await record("h2", "h2/envoy-0", bucket(0, sample(99), { requests: 1_000 }));
		const { requests, latenciesUs } = await measureRelease(scratch.database, { ...span, release: 1 });
		expect(requests).toBe(10_000);
		expect(latenciesUs.filter((value) => value === 10)).toHaveLength(200);
		expect(latenciesUs.filter((value) => value === 99)).toHaveLength(22);
	});

	it("make a chart: a point for each release and step, with the quantiles of all proxies", async () => {
		const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
		await record("h1", "h1/envoy-0", bucket(0, hundred.slice(0, 50)), bucket(5_000, [7], { failures: 1 }));
		await record("h2", "h2/envoy-0", bucket(0, hundred.slice(50)), bucket(10_000, [8], { release: 2 }));
		expect(await readMeasurements(scratch.database, span)).toEqual([
			{ release: 1, at: new Date(start), requests: 100, failures: 0, p50Us: 50, p95Us: 95, p99Us: 99 },
			{ release: 1, at: new Date(start + 5_000), requests: 1, failures: 1, p50Us: 7, p95Us: 7, p99Us: 7 },
			{ release: 2, at: new Date(start + 10_000), requests: 1, failures: 0, p50Us: 8, p95Us: 8, p99Us: 8 },
		]);
		const coarse = await readMeasurements(scratch.database, { ...span, stepMs: 60_000 });
		expect(coarse.map(({ release, at, requests }) => [release, at.getTime() - start, requests])).toEqual([
			[1, 0, 101],
			[2, 0, 1],
		]);
	});

	it("are removed when they are old", async () => {
		await record("h1", "h1/envoy-0", bucket(0, [1]), bucket(5_000, [1]));
		expect(await removeOldMeasurements(scratch.database, new Date(start + 5_000))).toBe(1);
		expect(await scratch.database.measurement.count()).toBe(1);
	});
});
