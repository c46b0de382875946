import { expect, test } from "@playwright/test";
import { api } from "./support/api";
import { BenchService, type ManifestWishes } from "./support/bench-service";
import { sluice } from "./support/command";
import { containersOf, createdSince, cutPower, fleetHosts } from "./support/fleet";

/** The power goes while a canary is under way and another release awaits approval; `up` is all that is needed. */
const steps = "strategy: {canary: {steps: [{setWeight: 10}, {pause: {duration: 20s}}, {setWeight: 50}]}}";
const canary: ManifestWishes = { environment: steps };
const approved: ManifestWishes = { environment: `${steps}, approvals: {count: 1, role: approver}` };
/** A pair on the gateway, one on the other host. */
const proxies = 3;

test("everything dies at once in the middle of a canary; after `up` it goes on, and what awaited approval still does", async () => {
	const moving = await BenchService.make("dark");
	const asking = await BenchService.make("asks");
	expect((await moving.ended(await moving.deploy(0, canary))).state).toBe("promoted");
	const since = Date.now();
	const question = await asking.deploy(0, approved);
	await asking.until(question, "the question", ({ state }) => state === "awaiting-approval");
	const number = await moving.deploy(1, canary);
	await moving.until(number, "a tenth", ({ weight }) => weight === 10);

	expect(await cutPower()).toBeGreaterThan(20);
	await sluice(["up"]);

	const end = await moving.ended(number);
	expect(end.state, `${end.reason} ${end.waitsFor}`).toBe("promoted");
	await expect(async () => {
		const { instances } = await api().service.get.query({ service: moving.name });
		const live = instances.filter(({ phase }) => phase !== "gone");
		expect(live.map(({ phase, release, healthyOn }) => [phase, release, healthyOn])).toEqual([
			["serving", end.to, proxies],
			["serving", end.to, proxies],
		]);
		for (const host of fleetHosts) expect(await containersOf(host, moving.name)).toHaveLength(1);
	}).toPass({ timeout: 60_000 });
	for (const host of fleetHosts) {
		const made = await createdSince(host, since);
		expect(Math.max(0, ...made.values()), `${host}: ${JSON.stringify([...made])}`).toBeLessThanOrEqual(1);
	}
	expect((await asking.rollout(question)).state).toBe("awaiting-approval");
	await asking.abort(question);
});
