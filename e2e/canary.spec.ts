import { expect, test } from "@playwright/test";
import { BenchService, type ManifestWishes } from "./support/bench-service";
import { containersOf } from "./support/fleet";

/** A canary under load: a good one loses nothing; a bad one fails only what it served itself, and goes back by itself. */
const canary: ManifestWishes = {
	environment: "strategy: {canary: {steps: [{setWeight: 10}, {setWeight: 50}]}}",
	delivery: [
		"analysis: {interval: 5s, window: 30s, minRequests: 40, metrics: {success-rate: {min: 97%}, latency-p95: {max: 1s}}}",
	],
};

let service: BenchService;

test.beforeAll(async () => {
	test.setTimeout(300_000);
	service = await BenchService.make("canary");
	expect((await service.ended(await service.deploy(0, canary))).state).toBe("promoted");
});

test("a good release is measured at 10 and 50 % and promoted, and no request is lost", async () => {
	const load = await service.load(60_000);
	const number = await service.deploy(1, canary);
	const { state, measurements, reason } = await service.ended(number);
	expect(state, String(reason)).toBe("promoted");
	expect(measurements.filter(({ verdict }) => verdict === "successful").length).toBeGreaterThanOrEqual(4);
	for (const { results } of measurements.filter((one) => one.verdict === "successful")) {
		expect(results.map(({ metric }) => metric)).toEqual(["success-rate", "latency-p95"]);
		for (const { candidate, stable } of results) expect(candidate !== null && stable !== null).toBe(true);
	}
	expect(await load.verdict).toMatchObject({ failed: 0, longFailed: 0, streamsCut: 0, causes: [] });
});

test("a release that answers 500 to a fifth of its requests is rolled back by itself; only what it served failed", async () => {
	const load = await service.load(60_000);
	const startedAt = performance.now();
	const number = await service.deploy(0, { ...canary, variables: { FAIL_SHARE: "0.2", RELEASE: "bad" } });
	const { state, reason, events, measurements } = await service.ended(number);
	expect(state).toBe("rolled-back");
	expect(reason).toMatch(
		/the analysis failed: success-rate of the candidate is \d+(\.\d+)? % \(\d+ of \d+ requests failed\), below the limit of 97 %/,
	);
	expect(measurements[0]?.verdict).toBe("failed");
	// Everybody obeyed the abort's weights at the latest when the rollout's end was written.
	expect(events[0]?.kind).toBe("ended");
	const abortedMs = performance.now() - startedAt;
	const verdict = await load.verdict;
	expect(Object.keys(verdict.failedByRelease)).toEqual(["bad"]);
	expect(verdict.lastFailedMs ?? 0).toBeLessThan(abortedMs);
	expect(verdict).toMatchObject({ longFailed: verdict.longFailed, streamsCut: 0 });
	for (const host of ["h1", "h2"]) expect(await containersOf(host, service.name)).toHaveLength(1);
});
