import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backOffMs, nextActions, type Observed, phaseOf } from "./decide";
import type { ComponentSpec } from "./spec";

function component(name: string, given: Partial<ComponentSpec> = {}): ComponentSpec {
	return {
		name,
		kind: "service",
		argv: ["true"],
		cwd: "/",
		env: {},
		inherit: [],
		user: null,
		after: [],
		outlives: [],
		staleFiles: [],
		ready: { kind: "running" },
		stop: { signal: "SIGTERM", deadlineMs: 1000 },
		drain: null,
		takesTurnsWith: [],
		fingerprint: "one",
		...given,
	};
}

function seen(name: string, given: Partial<Observed> = {}): Observed {
	return {
		name,
		isAlive: false,
		isReady: false,
		fingerprint: null,
		isDone: false,
		failures: 0,
		endedAt: 0,
		stoppingSince: null,
		isKilled: false,
		...given,
	};
}

const runs = { isAlive: true, isReady: true, fingerprint: "one" };

function decide(wanted: ComponentSpec[], observed: Observed[], now = 100_000, all = wanted) {
	return nextActions(wanted, all, new Map(observed.map((one) => [one.name, one])), now).map(
		({ kind, name }) => `${kind} ${name}`,
	);
}

describe("starting", () => {
	const database = component("database");
	const migration = component("migration", { kind: "task", after: ["database"] });
	const portal = component("portal", { after: ["migration"] });
	const all = [database, migration, portal];

	it("starts everything that waits for nothing, at once", () => {
		expect(decide([database, component("registry")], [seen("database"), seen("registry")])).toEqual([
			"start database",
			"start registry",
		]);
	});

	it("starts a component only when what it depends on is ready", () => {
		const starting = seen("database", { isAlive: true, fingerprint: "one" });
		expect(decide(all, [starting, seen("migration"), seen("portal")])).toEqual([]);
		expect(decide(all, [seen("database", runs), seen("migration"), seen("portal")])).toEqual(["start migration"]);
	});

	it("a task that failed lets nothing after it start", () => {
		const failed = seen("migration", { fingerprint: "one", failures: 1, endedAt: 99_999 });
		expect(decide(all, [seen("database", runs), failed, seen("portal")])).toEqual([]);
	});

	it("a task that was done for this version is not run again, and what follows it starts", () => {
		const done = seen("migration", { fingerprint: "one", isDone: true });
		expect(decide(all, [seen("database", runs), done, seen("portal")])).toEqual(["start portal"]);
	});

	it("a task is run again for a new version, before what follows it", () => {
		const changed = [database, { ...migration, fingerprint: "two" }, { ...portal, fingerprint: "two" }];
		const done = seen("migration", { fingerprint: "one", isDone: true });
		expect(decide(changed, [seen("database", runs), done, seen("portal", runs)])).toEqual(["start migration", "stop portal"]);
		expect(decide(changed, [seen("database", runs), done, seen("portal", { fingerprint: "one" })])).toEqual(["start migration"]);
	});

	it("a component whose dependency died goes on running", () => {
		const done = seen("migration", { fingerprint: "one", isDone: true });
		expect(decide(all, [seen("database"), done, seen("portal", runs)])).toEqual(["start database"]);
	});
});

describe("restarting", () => {
	it("waits 100 ms after the first end and never longer than 10 s", () => {
		expect([0, 1, 2, 3, 8, 50].map(backOffMs)).toEqual([0, 100, 200, 400, 10_000, 10_000]);
	});

	it("does not start before the back-off is over, and does after", () => {
		const ended = seen("a", { failures: 3, endedAt: 1000, fingerprint: "one" });
		expect(decide([component("a")], [ended], 1399)).toEqual([]);
		expect(decide([component("a")], [ended], 1400)).toEqual(["start a"]);
	});

	it("a component whose version changed is stopped, then started", () => {
		const spec = component("a", { fingerprint: "two" });
		expect(decide([spec], [seen("a", runs)])).toEqual(["stop a"]);
		expect(decide([spec], [seen("a", { fingerprint: "one" })])).toEqual(["start a"]);
	});
});

describe("ending", () => {
	const database = component("database");
	const portal = component("portal", { after: ["database"] });

	it("stops first what depends on others", () => {
		expect(decide([], [seen("database", runs), seen("portal", runs)], 0, [database, portal])).toEqual(["stop portal"]);
		expect(decide([], [seen("database", runs), seen("portal")], 0, [database, portal])).toEqual(["stop database"]);
	});

	it("keeps what others depend on through a task that was done", () => {
		const chain = [
			database,
			component("migration", { kind: "task", after: ["database"] }),
			component("portal", { after: ["migration"] }),
		];
		const done = seen("migration", { isDone: true, fingerprint: "one" });
		expect(decide([], [seen("database", runs), done, seen("portal", runs)], 0, chain)).toEqual(["stop portal"]);
	});

	it("keeps a test host's engine until its agent and Envoy are gone", () => {
		const engine = component("dockerd", { outlives: ["agent"] });
		expect(decide([], [seen("dockerd", runs), seen("agent", runs)], 0, [engine, component("agent")])).toEqual(["stop agent"]);
	});

	it("stops what was dropped from the list and leaves the rest", () => {
		expect(decide([database], [seen("database", runs), seen("portal", runs)], 0, [database, portal])).toEqual(["stop portal"]);
	});

	it("kills what does not end by its deadline, once", () => {
		const told = seen("database", { ...runs, stoppingSince: 5000 });
		expect(decide([], [told], 5999, [database])).toEqual([]);
		expect(decide([], [told], 6000, [database])).toEqual(["kill database"]);
		expect(decide([], [{ ...told, isKilled: true }], 9000, [database])).toEqual([]);
	});
});

describe("always", () => {
	const observed = (name: string) =>
		fc
			.record({
				isAlive: fc.boolean(),
				isReady: fc.boolean(),
				fingerprint: fc.constantFrom(null, "one", "two"),
				isDone: fc.boolean(),
				failures: fc.nat(20),
				endedAt: fc.nat(100_000),
				stoppingSince: fc.option(fc.nat(100_000)),
				isKilled: fc.boolean(),
			})
			.map((given) => seen(name, given));
	const specs = [
		component("a"),
		component("b", { kind: "task", after: ["a"] }),
		component("c", { after: ["b"], outlives: ["d"] }),
		component("d", { after: ["a"], fingerprint: "two" }),
	];
	const all = fc.tuple(observed("a"), observed("b"), observed("c"), observed("d"));

	it("never starts what lives and never stops what does not", () => {
		fc.assert(
			fc.property(all, fc.subarray(specs), fc.nat(200_000), (states, wanted, now) => {
				for (const action of nextActions(wanted, specs, new Map(states.map((one) => [one.name, one])), now)) {
					const isAlive = states.find((one) => one.name === action.name)?.isAlive;
					expect(isAlive).toBe(action.kind !== "start");
				}
			}),
		);
	});

	it("never touches what runs as wanted, whatever the others do", () => {
		fc.assert(
			fc.property(all, fc.nat(200_000), (states, now) => {
				const actions = nextActions(specs, specs, new Map(states.map((one) => [one.name, one])), now);
				for (const spec of specs) {
					const state = states.find((one) => one.name === spec.name);
					if (state?.isAlive && state.fingerprint === spec.fingerprint)
						expect(actions.map((one) => one.name)).not.toContain(spec.name);
				}
			}),
		);
	});

	it("with nothing wanted it always comes to an end", () => {
		fc.assert(
			fc.property(all, (states) => {
				const world = new Map(states.map((one) => [one.name, { ...one, stoppingSince: null, isKilled: false }]));
				for (let turn = 0; turn < specs.length + 1; turn += 1) {
					for (const action of nextActions([], specs, world, turn)) {
						const state = world.get(action.name);
						if (state) world.set(action.name, { ...state, isAlive: false });
					}
				}
				expect([...world.values()].some((state) => state.isAlive)).toBe(false);
			}),
		);
	});
});

describe("a pair that takes turns", () => {
	const newer = (name: string, other: string) => component(name, { fingerprint: "two", takesTurnsWith: [other] });
	const pair = [newer("a", "b"), newer("b", "a")];
	const act = (a: Observed, b: Observed) =>
		nextActions(
			pair,
			pair,
			new Map([
				["a", a],
				["b", b],
			]),
			100,
		);
	const new_ = { ...runs, fingerprint: "two" };

	it("is replaced one after the other", () => {
		expect(act(seen("a", runs), seen("b", runs))).toEqual([{ kind: "stop", name: "a" }]);
		expect(act(seen("a", { ...runs, stoppingSince: 50 }), seen("b", runs))).toEqual([]);
		expect(act(seen("a", { endedAt: 90 }), seen("b", runs))).toEqual([{ kind: "start", name: "a" }]);
		expect(act(seen("a", { ...new_, isReady: false }), seen("b", runs))).toEqual([]);
		expect(act(seen("a", new_), seen("b", runs))).toEqual([{ kind: "stop", name: "b" }]);
	});

	it("keeps the old one when the new one does not come up", () => {
		expect(act(seen("a", { failures: 5, endedAt: 99 }), seen("b", runs))).toEqual([]);
	});

	it("kills the one whose time is over, whatever the other does", () => {
		expect(act(seen("a", { ...runs, stoppingSince: -5000 }), seen("b", { failures: 1, endedAt: 99 }))).toEqual([
			{ kind: "kill", name: "a" },
		]);
	});

	it("ends together when everything ends", () => {
		const both = new Map([
			["a", seen("a", runs)],
			["b", seen("b", runs)],
		]);
		expect(nextActions([], pair, both, 100).map(({ kind }) => kind)).toEqual(["stop", "stop"]);
	});
});

describe("the phase that status shows", () => {
	it("is ready only for the version that is wanted", () => {
		expect(phaseOf(component("a"), true, seen("a", runs))).toBe("ready");
		expect(phaseOf(component("a", { fingerprint: "two" }), true, seen("a", runs))).toBe("stopping");
		expect(phaseOf(component("a"), true, seen("a", { ...runs, isReady: false }))).toBe("starting");
		expect(phaseOf(component("a"), true, seen("a", { failures: 2 }))).toBe("backing-off");
	});
});
