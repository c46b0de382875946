import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AnalysisSpec, CanaryStep, WorkloadSpec } from "@/domain/manifest/model";
import type { Actor } from "@/domain/roles";
import { requestRepairsOfMisplaced, startRepairs } from "@/server/services/repair";
import { decide, editSteps, pause, promote, resume, rollback } from "@/server/services/rollout-verbs";
import { changeService } from "@/server/services/service-verbs";
import type { RolloutRecord } from "@/server/store/rollout";
import { mei, openTrialServer, RolloutTrial, type TrialServer } from "@/workflows/testing/rollout-trial";

const approver: Actor = { kind: "user", id: "li", name: "li", role: "approver" };
const analysis: AnalysisSpec = {
	intervalMs: 200,
	windowMs: 60_000,
	minRequests: 50,
	failureLimit: 0,
	inconclusiveLimit: 3,
	rules: [{ metric: "success-rate", min: 0.99, maxUnderStable: null, max: null, maxOverStable: null }],
};

function canary(steps: readonly CanaryStep[], more: Partial<WorkloadSpec> = {}): Partial<WorkloadSpec>[] {
	const spec = { strategy: { kind: "canary", steps }, ...more } as const;
	return [spec, { ...spec, requestTimeoutMs: 1 }, { ...spec, requestTimeoutMs: 2 }];
}

const untilPerson: CanaryStep = { kind: "pause", durationMs: null };
const weight = (share: number): CanaryStep => ({ kind: "weight", weight: share });

let server: TrialServer;
let trial: RolloutTrial;

beforeAll(async () => {
	server = await openTrialServer();
});
afterAll(async () => server?.temporal.teardown());
afterEach(() => trial.close());

const name = (number: number, environment = "staging") => ({
	service: trial.service,
	environment,
	number,
	reason: "looked at it",
});
const inStep = (step: number) => (rollout: RolloutRecord) => rollout.step === step;

/** What the proxies counted: `failures` of `requests` of this release, from now on and for a while. */
async function count(release: number, requests: number, failures: number): Promise<void> {
	const at = Array.from({ length: 12 }, (_, index) => new Date(Math.ceil(Date.now() / 5_000) * 5_000 + (index - 1) * 5_000));
	await trial.scratch.database.measurement.createMany({
		data: at.map((when) => ({
			...{ service: trial.service, environment: "staging", release, proxyId: "h1/envoy-0", at: when },
			...{ requests, failures, latencies: [1_000, 2_000] },
		})),
	});
}

describe("a canary", () => {
	it("takes its weights one after the other, each until a person promotes, and keeps the stable release whole", async () => {
		trial = await RolloutTrial.open(server, canary([weight(10), untilPerson, weight(50), untilPerson]));
		await trial.ended(await trial.start(1));
		const number = await trial.start(2);
		await trial.until(number, inStep(1));
		expect(await trial.weights()).toEqual({ 1: 90, 2: 10 });
		expect(await trial.serving()).toEqual(["1 serving", "1 serving", "2 serving"]);
		await promote(trial.scratch, mei, { ...name(number), isFull: false });
		await trial.until(number, inStep(3));
		expect(await trial.weights()).toEqual({ 1: 50, 2: 50 });
		await promote(trial.scratch, mei, { ...name(number), isFull: false });
		const end = await trial.ended(number);
		await trial.keepHistory(end, "rollout-canary");
		expect(end).toMatchObject({ state: "promoted", reason: null });
		expect(await trial.weights()).toEqual({ 2: 100 });
		expect(await trial.serving()).toEqual(["2 serving", "2 serving"]);
	});

	it("is held by a pause and goes on after it; a refused verb says why", async () => {
		trial = await RolloutTrial.open(server, canary([weight(10), { kind: "pause", durationMs: 300 }]));
		await trial.ended(await trial.start(1));
		const number = await trial.start(2);
		await trial.until(number, (rollout) => rollout.state === "running");
		await pause(trial.scratch, mei, name(number));
		await expect(pause(trial.scratch, mei, name(number))).rejects.toThrow("paused already, by mei");
		await trial.until(number, async () => (await trial.weights())[2] === 10);
		expect((await trial.until(number, () => true)).step).toBeLessThan(2);
		await resume(trial.scratch, mei, name(number));
		expect((await trial.ended(number)).state).toBe("promoted");
		await expect(promote(trial.scratch, mei, { ...name(number), isFull: true })).rejects.toThrow("has ended (promoted)");
	});

	it("is rolled back by a bad measurement, and the reason has the numbers", async () => {
		trial = await RolloutTrial.open(server, canary([weight(10), { kind: "analysis", count: 2 }], { analysis }));
		await trial.ended(await trial.start(1));
		const number = await trial.start(2);
		await trial.until(number, inStep(1));
		await count(1, 900, 0);
		await count(2, 100, 20);
		const end = await trial.ended(number);
		expect(end.state).toBe("rolled-back");
		expect(end.reason).toMatch(/the analysis failed: success-rate of the candidate is 80 % .* below the limit of 99 %/);
		expect(await trial.weights()).toEqual({ 1: 100 });
		expect(await trial.serving()).toEqual(["1 serving", "1 serving"]);
	});

	it("never takes too little data for success: it waits, and a person may promote", async () => {
		trial = await RolloutTrial.open(server, canary([weight(10), { kind: "analysis", count: 1 }], { analysis }));
		await trial.ended(await trial.start(1));
		const number = await trial.start(2);
		await trial.until(number, inStep(1));
		await count(2, 1, 0);
		const runs = () => trial.scratch.database.analysisRun.findMany();
		await trial.until(number, async () => (await runs()).length >= 5);
		expect(new Set((await runs()).map(({ verdict }) => verdict))).toEqual(new Set(["inconclusive"]));
		expect((await trial.until(number, () => true)).step).toBe(1);
		await promote(trial.scratch, mei, { ...name(number), isFull: false });
		expect((await trial.ended(number)).state).toBe("promoted");
	});

	it("never takes numbers that are not whole, or not there, for success: that is an error, and it waits", async () => {
		trial = await RolloutTrial.open(server, canary([weight(10), { kind: "analysis", count: 1 }], { analysis }));
		await trial.ended(await trial.start(1));
		const { database } = trial.scratch;
		trial.fleet.unmeasured.add("h2");
		await database.host.update({ where: { id: "h2" }, data: { measuredAt: new Date(Date.now() - 60_000) } });
		const number = await trial.start(2);
		await trial.until(number, inStep(1));
		await count(1, 900, 0);
		await count(2, 100, 0);
		const said = async () => (await database.analysisRun.findMany()).map(({ verdict, sentence }) => `${verdict}: ${sentence}`);
		const silent = "error: h2 answers, but has not told for 20 s what the proxies there see";
		await trial.until(number, async () => (await said()).filter((words) => words === silent).length >= 3);
		await database.$executeRaw`alter table measurement rename to measurement_away`;
		const away = "error: the measurements cannot be read";
		await trial.until(number, async () => (await said()).some((words) => words.startsWith(away)));
		expect((await said()).every((words) => words === silent || words.startsWith(away))).toBe(true);
		expect((await trial.until(number, () => true)).step).toBe(1);
		await database.$executeRaw`alter table measurement_away rename to measurement`;
		trial.fleet.unmeasured.delete("h2");
		expect((await trial.ended(number)).state).toBe("promoted");
	});

	it("waits for another person's approval of this very plan, also over a worker's death; an edit voids it", async () => {
		const approval = { count: 1, role: "approver", expiresMs: 60_000 } as const;
		trial = await RolloutTrial.open(server, canary([weight(10)], { approval }));
		const first = await trial.start(1);
		const waits = (rollout: RolloutRecord) => rollout.state === "awaiting-approval";
		const { intentHash: firstIntent } = await trial.until(first, waits);
		await decide(trial.scratch, approver, { ...name(first), verdict: "approved", intentHash: firstIntent });
		await trial.ended(first);

		const number = await trial.start(2);
		const { intentHash } = await trial.until(number, waits);
		const approve = (actor: Actor, hash: string) =>
			decide(trial.scratch, actor, { ...name(number), verdict: "approved", intentHash: hash });
		await expect(approve(mei, intentHash)).rejects.toThrow("mei made this change");
		await expect(approve({ ...approver, role: "developer" }, intentHash)).rejects.toThrow("needs the role approver");
		await editSteps(trial.scratch, mei, { ...name(number), steps: [weight(20)] });
		await expect(approve(approver, intentHash)).rejects.toThrow("was edited since you looked at it");
		expect(await trial.serving()).toEqual(["1 serving", "1 serving"]);
		await trial.stopWorker();
		const edited = await trial.until(number, () => true);
		expect(edited.intentHash).not.toBe(intentHash);
		await approve(approver, edited.intentHash);
		await trial.startWorker();
		const end = await trial.ended(number);
		expect(end).toMatchObject({ state: "promoted", intentHash: edited.intentHash });
		const told = await trial.scratch.database.rolloutEvent.findMany({ where: { rolloutId: end.id } });
		expect(told.map(({ message }) => message)).toContain(`Approved by li: what runs is intent ${end.intentHash.slice(0, 8)}`);
		expect(told.some(({ message }) => message.includes("release 2 at 20 %"))).toBe(true);
	});

	it("ends rejected with nothing moved when it is rejected, and when nobody decides in time", async () => {
		const approval = { count: 1, role: "approver", expiresMs: 400 } as const;
		trial = await RolloutTrial.open(server, canary([], { approval }));
		const late = await trial.ended(await trial.start(1));
		expect(late).toMatchObject({ state: "rejected" });
		expect(late.reason).toContain("nobody decided in time: 0 of 1 approvals");
		expect(await trial.serving()).toEqual([]);
	});
});

describe("the same machinery", () => {
	it("goes on from staging to production when a pipeline's release was promoted, as a rollout of its author", async () => {
		trial = await RolloutTrial.open(server, [{ after: "staging" }]);
		const release = await trial.scratch.database.release.findFirstOrThrow();
		const manifest = release.manifest as { environments: Record<string, { after: string | null }> };
		const staging = { ...manifest.environments.staging, after: null };
		await trial.scratch.database.release.update({
			where: { id: release.id },
			data: { manifest: { ...manifest, environments: { ...manifest.environments, staging } } },
		});
		await trial.ended(await trial.start(1, "staging", "pipeline"));
		await trial.deliver();
		const followed = await trial.ended(1, "production");
		expect(followed).toMatchObject({ state: "promoted", startedBy: "mei", origin: "pipeline" });
		await trial.deliver();
		expect(await trial.scratch.database.rollout.count()).toBe(2);
	});

	it("moves a lost host's instances elsewhere, and a drained host's, also while a release awaits approval", async () => {
		const approval = { count: 1, role: "approver", expiresMs: 60_000 } as const;
		trial = await RolloutTrial.open(server, [{}, { approval }]);
		const { scratch, service } = trial;
		await trial.ended(await trial.start(1));
		const asked = await trial.start(2);
		await trial.until(asked, (rollout) => rollout.state === "awaiting-approval");
		await scratch.database.host.update({ where: { id: "h2" }, data: { state: "draining" } });
		expect(await requestRepairsOfMisplaced(scratch.database, 60_000)).toBe(1);
		await startRepairs(scratch.database);
		await trial.deliver();
		expect(await trial.ended(asked + 1)).toMatchObject({ state: "promoted", plan: { kind: "repair" } });
		const serving = await scratch.database.instance.findMany({ where: { service, phase: "serving" } });
		expect(serving.map(({ hostId }) => hostId)).toEqual(["h1", "h1"]);
		const { intentHash } = await trial.until(asked, () => true);
		await decide(scratch, approver, { ...name(asked), verdict: "approved", intentHash });
		expect((await trial.ended(asked)).state).toBe("promoted");
	});

	it("refuses what was approved when another release serves here by then", async () => {
		const approval = { count: 1, role: "approver", expiresMs: 60_000 } as const;
		trial = await RolloutTrial.open(server, [{}, { requestTimeoutMs: 1 }, { approval }]);
		await trial.ended(await trial.start(1));
		await trial.ended(await trial.start(2));
		const asked = await trial.start(3);
		const { intentHash } = await trial.until(asked, (rollout) => rollout.state === "awaiting-approval");
		const { number } = await rollback(trial.scratch, mei, name(2));
		await trial.deliver();
		await trial.ended(number);
		await decide(trial.scratch, approver, { ...name(asked), verdict: "approved", intentHash });
		const end = await trial.ended(asked);
		expect(end.state).toBe("rejected");
		expect(end.reason).toContain("another release serves here");
		expect(await trial.serving()).toEqual(["1 serving", "1 serving"]);
	});

	it("scales, restarts, stops, starts and rolls back", async () => {
		trial = await RolloutTrial.open(server, [{}, { requestTimeoutMs: 1 }]);
		const { scratch, service } = trial;
		const change = async (what: Parameters<typeof changeService>[2]) => {
			const { number } = await changeService(scratch, mei, what);
			await trial.deliver();
			return trial.ended(number);
		};
		const here = { service, environment: "staging" };
		await trial.ended(await trial.start(1));
		const before = await scratch.database.instance.findMany({ where: { phase: "serving" } });
		expect((await change({ ...here, kind: "scale", instances: 3 })).state).toBe("promoted");
		expect(await trial.serving()).toEqual(["1 serving", "1 serving", "1 serving"]);
		expect((await change({ ...here, kind: "restart" })).state).toBe("promoted");
		const after = await scratch.database.instance.findMany({ where: { phase: "serving" } });
		expect(after).toHaveLength(3);
		expect(after.filter(({ id }) => before.some((one) => one.id === id))).toEqual([]);
		expect((await change({ ...here, kind: "stop" })).state).toBe("promoted");
		expect(await trial.serving()).toEqual([]);
		await expect(changeService(scratch, mei, { ...here, kind: "restart" })).rejects.toThrow("is stopped in staging");
		expect((await change({ ...here, kind: "scale", instances: 1 })).state).toBe("promoted");
		expect(await trial.serving()).toEqual(["1 serving"]);

		const second = await trial.start(2);
		await trial.ended(second);
		const { number } = await rollback(scratch, mei, name(second));
		await trial.deliver();
		expect((await trial.ended(number)).plan).toMatchObject({ kind: "rollback", to: { number: 1 } });
		expect(await trial.serving()).toEqual(["1 serving"]);
	});
});
