import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AnalysisSpec, CanaryStep } from "@/domain/manifest/model";
import type { Action } from "@/domain/rollout/action";
import { emptyMemory, type RolloutMemory, remember } from "@/domain/rollout/memory";
import { endedStates } from "@/domain/rollout/model";
import { nextAction } from "@/domain/rollout/next-action";
import { isReady, type RolloutObservation } from "@/domain/rollout/observation";
import { capAt } from "@/domain/rollout/stage";
import { planOf, workload } from "@/domain/rollout/testing/fixtures";
import { ModelWorld } from "@/domain/rollout/testing/model-world";

/** SLUICE_RUNS=20000 looks longer. */
const numRuns = Number(process.env.SLUICE_RUNS ?? 500);

const events = [
	"tick",
	"tick",
	"long-tick",
	"converge",
	"converge",
	"converge",
	"pull",
	"pull",
	"obey",
	"obey",
	"report",
	"report",
	"report",
	"request",
	"answer",
	"answer",
	"fail",
	"cut",
	"join",
	"lose",
	"abort",
	"nack",
	"crash",
] as const;

/** Mostly a world that does its work, so that a disaster meets a rollout that is far on its way. */
const calmEvents = [
	"converge",
	"converge",
	"pull",
	"pull",
	"obey",
	"obey",
	"obey",
	"report",
	"report",
	"report",
	"report",
	"request",
	"answer",
] as const;
const disasters = ["abort", "fail", "cut", "nack", "crash", "long-tick"] as const;
const calmEvent = fc.record({ event: fc.constantFrom(...calmEvents), pick: fc.nat(1_000) });
const calmStory = fc
	.tuple(
		fc.array(calmEvent, { minLength: 10, maxLength: 150 }),
		fc.record({ event: fc.constantFrom(...disasters), pick: fc.nat(1_000) }),
		fc.array(calmEvent, { maxLength: 40 }),
	)
	.map(([before, disaster, after]) => [...before, disaster, ...after]);

const scenario = fc.record({
	isFirst: fc.boolean(),
	before: fc.integer({ min: 1, max: 4 }),
	count: fc.integer({ min: 1, max: 4 }),
	maxSurge: fc.integer({ min: 0, max: 4 }),
	maxUnavailable: fc.integer({ min: 0, max: 2 }),
	hosts: fc.integer({ min: 1, max: 3 }),
	isSick: fc.boolean(),
	steps: fc.option(
		fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 3 }).map((weights) =>
			weights
				.sort((a, b) => a - b)
				.flatMap((weight): CanaryStep[] => [
					{ kind: "weight", weight },
					{ kind: "pause", durationMs: 5_000 },
					{ kind: "analysis", count: 2 },
				]),
		),
		{ nil: [] as CanaryStep[] },
	),
	/** `volume`: one instance, bound to the host where it began. */
	recreate: fc.option(fc.constantFrom("plain", "volume"), { nil: null }),
	isBad: fc.boolean(),
	/** Of the candidate: whether the hosts can have its image; `unknown`: nobody was ever asked. */
	image: fc.constantFrom("there", "there", "missing", "unknown"),
	story: fc.array(fc.record({ event: fc.constantFrom(...events), pick: fc.nat(1_000) }), { maxLength: 120 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

describe("the rollout loop in any world", { timeout: 60_000 }, () => {
	it("keeps its guarantees at every act, and ends with one release active", () => {
		fc.assert(fc.property(scenario, playOut), { numRuns });
	});

	it("keeps them when one thing goes wrong in the middle", () => {
		const calm = fc.tuple(scenario, calmStory).map(([given, story]) => ({ ...given, isSick: false, story }));
		fc.assert(fc.property(calm, playOut), { numRuns });
	});
});

const analysis: AnalysisSpec = {
	intervalMs: 1_000,
	windowMs: 60_000,
	minRequests: 1,
	failureLimit: 0,
	inconclusiveLimit: 5,
	rules: [{ metric: "success-rate", min: 0.9, maxUnderStable: null, max: null, maxOverStable: null }],
};

const volume = { name: "data", target: "/data", readOnly: false };

function playOut({ ...given }: Scenario): void {
	if (given.recreate) given.steps = [];
	if (given.recreate === "volume") given.count = given.before = 1;
	const spec = workload({
		instances: given.count,
		strategy: given.recreate
			? { kind: "recreate" }
			: { kind: "rolling", maxSurge: given.maxSurge, maxUnavailable: given.maxUnavailable },
		...(given.recreate === "volume" ? { volumes: [volume] } : {}),
	});
	const plan = planOf({
		from: given.isFirst ? null : 1,
		to: 2,
		workload: spec,
		fromWorkload: { ...spec, instances: given.before },
		steps: given.steps,
		...(given.steps.length > 0 ? { analysis } : {}),
	});
	const world = new ModelWorld(plan, ["h1", "h2", "h3"].slice(0, given.hosts));
	if (given.isSick) world.sick.add(2);
	world.isCandidateBad = given.isBad;
	world.isUnpullable = given.image === "missing";
	if (given.image === "unknown") world.pulls = null;
	const player = new Player(world);
	for (const { event, pick } of given.story) {
		player.happen(event, pick);
		player.run(event === "crash");
		if (player.hasEnded) break;
	}
	player.settle();
	expectEnd(world, given);
}

class Player {
	memory: RolloutMemory = emptyMemory;
	readonly world: ModelWorld;
	constructor(world: ModelWorld) {
		this.world = world;
	}

	get hasEnded(): boolean {
		return endedStates.includes(this.world.state);
	}

	/** Acts until it waits. A crash repeats each act, as a worker killed before it could record it would. */
	run(isCrashing = false): Action {
		for (let turn = 0; turn < 60; turn += 1) {
			const observation = this.world.observe();
			this.memory = remember(this.memory, observation);
			const action = nextAction(this.world.plan, observation, this.memory);
			check(this.world, observation, action);
			if (action.kind === "turn-back") this.memory = { ...this.memory, turnBack: action.reason, placement: null };
			try {
				this.world.act(action);
				if (isCrashing) this.world.act(action);
				if (action.kind === "create") this.memory = { ...this.memory, placement: null };
			} catch (error) {
				this.memory = { ...this.memory, placement: { problem: String(error), at: observation.now } };
			}
			if (action.kind === "wait" || action.kind === "finish") return action;
		}
		throw new Error("it acts without end and never waits");
	}

	happen(event: (typeof events)[number], pick: number): void {
		const { world } = this;
		const instance = world.instances[pick % Math.max(1, world.instances.length)];
		const proxy = world.proxies[pick % world.proxies.length];
		if (!proxy) return;
		world.now += event === "tick" ? 1_000 : event === "long-tick" ? 20_000 : 10;
		if (event === "converge" && instance) world.converge(instance);
		if (event === "pull") world.pull(proxy.host);
		if (event === "obey") world.obey(proxy);
		if (event === "report") world.report(proxy);
		if (event === "request" && instance && world.routed(proxy, instance.id)) proxy.inFlight.set(instance.id, 1);
		if (event === "answer" && instance) proxy.inFlight.delete(instance.id);
		// Only candidates break by themselves here: of the stable release something must be left to go back to.
		if (event === "fail" && instance?.release === 2 && instance.desired) instance.observed = "failed";
		if (event === "cut") world.cutOff.add(proxy.host);
		if (event === "join") world.cutOff.delete(proxy.host);
		if (event === "lose" && world.observe().proxies.find((one) => one.id === proxy.id)?.lease === "silent") proxy.isLost = true;
		if (event === "abort") world.abort ??= { by: "mei", reason: "wrong version" };
		if (event === "nack" && !world.cutOff.has(proxy.host)) {
			proxy.ack = { revision: world.traffic.revision, verdict: "nack", message: "duplicate port" };
		}
	}

	/** From here on the world behaves: everybody who is there answers and obeys, one host (not the last) may stay away. */
	settle(): void {
		const { world } = this;
		if (world.cutOff.size === world.hosts.length) world.cutOff.clear();
		const isExclusive = world.plan.workload.strategy.kind === "recreate";
		for (let turn = 0; turn < 2_000 && !this.hasEnded; turn += 1) {
			world.now += 300;
			for (const proxy of world.proxies) {
				world.obey(proxy);
				proxy.inFlight.clear();
				world.report(proxy);
				world.pull(proxy.host);
			}
			for (const instance of world.instances) world.converge(instance);
			const action = this.run();
			// Where nothing may overlap, a host that stays away can hold everything up: that is told, and only its return helps.
			if (!isExclusive || turn !== 1_000 || this.hasEnded || world.cutOff.size === 0) continue;
			expect(action).toMatchObject({ kind: "wait" });
			if (world.state !== "running") expect(world.state, JSON.stringify(action)).toBe("waiting");
			world.cutOff.clear();
		}
	}
}

function check(world: ModelWorld, observation: RolloutObservation, action: Action): void {
	if (action.kind === "publish") checkPulled(world, observation, action);
	if (action.kind === "publish") checkPublish(world, observation, action);
	if (action.kind === "create") checkCreate(world, action.release);
	if (action.kind === "stop") for (const id of action.instances) checkStop(world, id);
}

/** With `recreate` nothing of another release runs when one is made; beside a volume nothing at all does, wherever it is. */
function checkCreate(world: ModelWorld, release: number): void {
	const { strategy, volumes } = world.plan.workload;
	if (strategy.kind !== "recreate") return;
	const others = world.instances.filter((one) => !one.isRemoved && one.phase !== "gone" && (volumes || one.release !== release));
	for (const { id, host } of others) {
		// There the placement refuses, or nobody can know.
		if (!world.isSilent(host)) throw new Error(`an instance of release ${release} is made beside ${id}`);
	}
}

/** With `recreate` nothing that serves is drained for a release whose image a host may not have. */
function checkPulled(world: ModelWorld, observation: RolloutObservation, { intent }: Extract<Action, { kind: "publish" }>): void {
	if (world.plan.workload.strategy.kind !== "recreate" || world.pulls === null || observation.state !== "running") return;
	const endpoints = intent.releases.flatMap((release) => release.endpoints);
	const drained = observation.instances.filter(
		({ id, release, phase, isHostSilent }) =>
			release === 1 &&
			phase === "serving" &&
			!isHostSilent &&
			endpoints.some((one) => one.instance === id && one.phase === "draining"),
	);
	if (drained.length === 0) return;
	const missing = [...world.pulls].filter(([host, word]) => word !== "pulled" && !world.isSilent(host));
	if (world.pulls.size === 0 || missing.length > 0) throw new Error(`${drained[0]?.id} is drained before the image is there`);
}

function checkPublish(world: ModelWorld, observation: RolloutObservation, action: Extract<Action, { kind: "publish" }>): void {
	const { releases } = action.intent;
	const isGoingBack = observation.state !== "running";
	const isExclusive = world.plan.workload.strategy.kind === "recreate";
	const sum = releases.reduce((total, release) => total + Math.round(release.weight * 100), 0);
	const serving = releases.flatMap((release) => release.endpoints.filter((endpoint) => endpoint.phase === "serving"));
	for (const proxy of world.proxies) {
		if (observation.proxies.find((one) => one.id === proxy.id)?.lease !== "answering") continue;
		// A proxy takes endpoints before routes: for a moment its old weights meet the new endpoint states.
		for (const routed of proxy.obeys.releases.filter((release) => release.weight > 0)) {
			const next = releases.find((release) => release.release === routed.release);
			const hasActive = next?.endpoints.some((endpoint) => endpoint.phase !== "draining");
			if (!hasActive && !isExclusive && (world.plan.from || !isGoingBack))
				throw new Error(`${proxy.id} would answer 503 for a moment`);
		}
	}
	const mayServeNothing =
		observation.traffic.releases.every((release) => release.weight === 0) || (isGoingBack && !world.plan.from);
	if (sum !== 10_000 && !(sum === 0 && (mayServeNothing || isExclusive))) throw new Error(`weights sum to ${sum / 100}`);
	for (const release of releases) {
		if (release.weight > 0 && !release.endpoints.some((endpoint) => endpoint.phase !== "draining")) {
			throw new Error(`release ${release.release} has weight ${release.weight} and only draining endpoints`);
		}
	}
	if (isGoingBack && !world.plan.from) return;
	if (!isGoingBack) checkShare(world, observation, action);
	const target = isGoingBack ? world.plan.fromWorkload : world.plan.workload;
	const unavailable =
		target?.strategy.kind === "rolling" && (isGoingBack || world.plan.steps.length === 0) ? target.strategy.maxUnavailable : 0;
	if (isExclusive) return;
	const least = Math.max(0, (target?.instances ?? 0) - unavailable);
	const readyServing = (ids: readonly string[]) =>
		observation.instances.filter((instance) => ids.includes(instance.id) && isReady(instance, observation)).length;
	const before = observation.instances.filter((instance) => instance.phase === "serving").map((instance) => instance.id);
	const after = serving.map((endpoint) => endpoint.instance);
	if (readyServing(after) < Math.min(least, readyServing(before))) {
		throw new Error(`only ${readyServing(after)} of ${least} would serve, ${readyServing(before)} did`);
	}
}

/** With steps the candidate never has more than its step allows while the stable release can serve, and the stable release stays whole. */
function checkShare(world: ModelWorld, observation: RolloutObservation, { intent }: Extract<Action, { kind: "publish" }>): void {
	const { steps } = world.plan;
	const [stable, candidate] = [1, 2].map((number) => intent.releases.find(({ release }) => release === number));
	const ready = observation.instances.filter((instance) => instance.phase === "serving" && isReady(instance, observation));
	if (steps.length === 0 || world.step >= steps.length || !ready.some(({ release }) => release === 1)) return;
	const cap = capAt(steps, world.step);
	if ((candidate?.weight ?? 0) > cap) throw new Error(`the candidate would have ${candidate?.weight} % in a step of ${cap} %`);
	if (stable?.endpoints.some(({ phase }) => phase === "draining"))
		throw new Error("a stable instance would drain before the last step");
}

/** Judged by what proxies really do, not by what was reported. */
function checkStop(world: ModelWorld, id: string): void {
	const instance = world.instances.find((one) => one.id === id);
	if (!instance) throw new Error(`${id} is stopped and does not exist`);
	const isOverdue = instance.drainingAt !== null && world.now - instance.drainingAt >= world.plan.workload.deadlines.drainMs;
	for (const proxy of world.proxies) {
		if (proxy.isLost) continue;
		if (world.routed(proxy, id) === true) throw new Error(`${id} is stopped while ${proxy.id} sends requests to it`);
		if ((proxy.inFlight.get(id) ?? 0) > 0 && !isOverdue) throw new Error(`${id} is stopped with requests in flight`);
	}
}

function expectEnd(world: ModelWorld, given: Scenario): void {
	expect(endedStates, `${world.state}: ${world.reason}`).toContain(world.state);
	const active = world.traffic.releases.filter((release) => release.weight > 0);
	if (world.state === "failed") {
		expect(given.isFirst).toBe(true);
		expect(active).toEqual([]);
		return;
	}
	const expected = world.state === "promoted" ? 2 : 1;
	expect(active.map((release) => release.release)).toEqual([expected]);
	const serving = world.instances.filter((instance) => instance.phase === "serving");
	expect(serving.every((instance) => instance.release === expected)).toBe(true);
	expect(serving).toHaveLength(expected === 2 ? given.count : given.before);
	if (given.isSick) expect(world.state).toBe("rolled-back");
	const isRefused =
		[...(world.pulls?.values() ?? [])].length > 0 && [...(world.pulls?.values() ?? [])].every((word) => word === "failed");
	if (isRefused) {
		expect(world.state).toBe("rolled-back");
		expect(world.instances.filter((instance) => instance.release === 2)).toEqual([]);
	}
	if (given.isBad && given.steps.length > 0 && !given.isFirst) expect(world.state).toBe("rolled-back");
}
