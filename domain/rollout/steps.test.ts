import { expect, test } from "vitest";
import { rolloutSteps } from "@/domain/rollout/steps";

const candidate = { release: 2, phase: "serving", observed: "running", active: 0 } as const;
const stable = { release: 1, phase: "serving", observed: "running", active: 3 } as const;
const states = (steps: ReturnType<typeof rolloutSteps>) => steps.map((step) => step.state);

test("a rollout that waits for health has started and nothing more", () => {
	const steps = rolloutSteps({ state: "running", from: 1, to: 2, weight: 0 }, [{ ...candidate, phase: "warm" }, stable]);
	expect(states(steps)).toEqual(["done", "running", "pending", "pending", "pending"]);
});

test("while the stable release drains its requests in flight are told", () => {
	const steps = rolloutSteps({ state: "running", from: 1, to: 2, weight: 100 }, [candidate, { ...stable, phase: "draining" }]);
	expect(steps[3]).toEqual({ name: "drain", state: "running", detail: "0 of 1, 3 in flight" });
});

test("what a rolled back rollout did not reach is failed, what comes after never began", () => {
	const steps = rolloutSteps({ state: "rolled-back", from: 1, to: 2, weight: 0 }, [{ ...candidate, phase: "gone" }, stable]);
	expect(states(steps)).toEqual(["done", "done", "failed", "pending", "pending"]);
});

test("promoted is done in all its parts, also when an instance is held", () => {
	const steps = rolloutSteps({ state: "promoted", from: 1, to: 2, weight: 100 }, [candidate, { ...stable, phase: "held" }]);
	expect(states(steps)).toEqual(["done", "done", "done", "done", "done"]);
});
