import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { requestAbort } from "@/server/services/rollout-verbs";
import { mei, openTrialServer, RolloutTrial, type TrialServer } from "@/workflows/testing/rollout-trial";

let server: TrialServer;

beforeAll(async () => {
	server = await openTrialServer();
});
afterAll(async () => server?.temporal.teardown());

describe("a rollout", () => {
	let trial: RolloutTrial;

	beforeEach(async () => {
		trial = await RolloutTrial.open(server, [{}, { requestTimeoutMs: 1 }, { requestTimeoutMs: 2 }]);
	});
	afterEach(() => trial.close());

	it("moves from nothing to the first release and on to the second, and leaves only that", async () => {
		await trial.ended(await trial.start(1));
		const startedAt = Date.now();
		const second = await trial.ended(await trial.start(2));
		const tookMs = Date.now() - startedAt;
		const events = await trial.scratch.database.rolloutEvent.findMany({
			where: { rolloutId: second.id },
			orderBy: { sequence: "asc" },
		});
		await trial.keepHistory(second, "rollout-two-hosts");
		expect(second).toMatchObject({ state: "promoted", reason: null });
		expect(await trial.serving()).toEqual(["2 serving", "2 serving"]);
		expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
		expect(tookMs).toBeLessThan(10_000);
	});

	it("goes back to what served when the candidate cannot be pulled, and says why", async () => {
		await trial.ended(await trial.start(1));
		trial.fleet.unpullable.add(2);
		const rollout = await trial.ended(await trial.start(2));
		expect(rollout.state).toBe("rolled-back");
		expect(rollout.reason).toContain("no such image");
		expect(await trial.serving()).toEqual(["1 serving", "1 serving"]);
	});

	it("goes back when a person aborts", async () => {
		await trial.ended(await trial.start(1));
		trial.fleet.sick.add(2);
		const number = await trial.start(2);
		await trial.until(number, async () => (await trial.serving()).includes("2 warm"));
		await requestAbort(trial.scratch, mei, { service: trial.service, environment: "staging", number, reason: "wrong version" });
		expect(await trial.ended(number)).toMatchObject({ state: "rolled-back", reason: "aborted by mei: wrong version" });
		expect(await trial.serving()).toEqual(["1 serving", "1 serving"]);
	});

	it("fails with nothing serving only when nothing served before", async () => {
		trial.fleet.unpullable.add(1);
		const rollout = await trial.ended(await trial.start(1));
		expect(rollout.state).toBe("failed");
		expect(await trial.serving()).toEqual([]);
	});

	it("refuses a second start while one runs, by name", async () => {
		trial.fleet.sick.add(1);
		const number = await trial.start(1);
		await expect(trial.start(2)).rejects.toThrow(
			`${trial.service} in staging already has rollout ${number} by mei; abort it or wait.`,
		);
		await requestAbort(trial.scratch, mei, { service: trial.service, environment: "staging", number, reason: "done" });
		await trial.ended(number);
	});
});
