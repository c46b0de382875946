import { expect, test } from "@playwright/test";
import { BenchService } from "./support/bench-service";
import { containersOf, createdSince, fleetHosts, kill } from "./support/fleet";

/** A process is killed without warning in the middle of a rollout under load: it ends as if nothing had happened. */
const victims = ["worker", "relay", "h1-agent", "h2-agent"] as const;

let service: BenchService;

test.beforeAll(async () => {
	test.setTimeout(300_000);
	service = await BenchService.make("kills");
	await service.ended(await service.deploy(0));
});

for (const victim of victims) {
	test(`${victim} killed while instances start and again while they drain: promoted, nothing lost, no container twice`, async () => {
		const since = Date.now();
		const load = await service.load(30_000);

		const starting = await service.deploy(1);
		await service.until(starting, "a placed instance", ({ events }) => events.some(({ data }) => data.step === "create"));
		kill(victim);
		expect((await service.ended(starting)).state).toBe("promoted");

		const draining = await service.deploy(0);
		await service.until(draining, "a draining instance", ({ instances }) => instances.some(({ phase }) => phase === "draining"));
		kill(victim);
		const { state, instances } = await service.ended(draining);
		expect(state).toBe("promoted");

		const verdict = await load.verdict;
		expect(verdict).toMatchObject({ failed: 0, longFailed: 0, streamsCut: 0, causes: [] });
		expect(verdict.requests).toBeGreaterThan(3_000);
		for (const host of fleetHosts) {
			const made = await createdSince(host, since);
			expect(Math.max(...made.values()), `${host}: ${JSON.stringify([...made])}`).toBe(1);
			const expected = instances.filter((one) => one.host === host && one.phase === "serving").map(({ id }) => id);
			expect((await containersOf(host, service.name)).sort()).toEqual(expected.sort());
		}
	});
}
