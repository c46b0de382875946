import { expect, test } from "vitest";
import { rolloutSteps } from "@/domain/rollout/steps";

const candidate = { release: 2, phase: "serving", observed: "running", active: 0 } as const;
const stable = { release: 1, phase: "serving", observed: "running", active: 3 } as const;
const plain = { steps: [], step: 0, approvals: null, successful: {} };
const states = (steps: ReturnType<typeof rolloutSteps>) => steps.map((step) => step.state);

test("a rollout that waits for health has started and nothing more", () => {
	const steps = rolloutSteps({ ...plain, state: "running", from: 1, to: 2, weight: 0 }, [
		{ ...candidate, phase: "warm" },
		stable,
	]);
	expect(states(steps)).toEqual(["done", "running", "pending", "pending", "pending"]);
});

test("while the stable release drains its requests in flight are told", () => {
	const steps = rolloutSteps({ ...plain, state: "running", from: 1, to: 2, weight: 100 }, [
		candidate,
		{ ...stable, phase: "draining" },
	]);
	expect(steps[3]).toEqual({ name: "drain", state: "running", detail: "0 of 1, 3 in flight" });
});

test("with recreate what was there goes first, and nothing serves until its successor is healthy", () => {
	const steps = rolloutSteps({ ...plain, state: "running", from: 1, to: 2, weight: 0, isExclusive: true }, [
		{ ...candidate, phase: "desired", observed: "starting" },
		{ ...stable, phase: "gone" },
	]);
	expect(steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
		"drain done",
		"stop done",
		"start running",
		"healthy pending",
		"shift pending",
	]);
});

test("what a rolled back rollout did not reach is failed, what comes after never began", () => {
	const steps = rolloutSteps({ ...plain, state: "rolled-back", from: 1, to: 2, weight: 0 }, [
		{ ...candidate, phase: "gone" },
		stable,
	]);
	expect(states(steps)).toEqual(["done", "done", "failed", "pending", "pending"]);
});

test("promoted is done in all its parts, also when an instance is held", () => {
	const steps = rolloutSteps({ ...plain, state: "promoted", from: 1, to: 2, weight: 100 }, [
		candidate,
		{ ...stable, phase: "held" },
	]);
	expect(states(steps)).toEqual(["done", "done", "done", "done", "done"]);
});

test("a canary's own steps stand between health and the last shift, and what is passed stays passed", () => {
	const steps = [
		{ kind: "weight", weight: 10 },
		{ kind: "analysis", count: 2 },
		{ kind: "weight", weight: 50 },
	] as const;
	const facts = { ...plain, steps, approvals: { given: 1, needed: 1 }, state: "running", from: 1, to: 2, weight: 10 } as const;
	const second = { ...candidate, phase: "desired", observed: null } as const;
	const shown = rolloutSteps({ ...facts, step: 1, successful: { 1: 1 } }, [candidate, second, stable]);
	expect(shown.map(({ name }) => name)).toEqual([
		"approval",
		"start",
		"healthy",
		"10 %",
		"analysis",
		"50 %",
		"100 %",
		"drain",
		"stop",
	]);
	expect(states(shown).slice(0, 6)).toEqual(["done", "done", "done", "done", "running", "pending"]);
	expect(shown[4]?.detail).toBe("1 of 2 successful");
	expect(states(rolloutSteps({ ...facts, state: "awaiting-approval", step: 0 }, [stable]))[0]).toBe("running");
});

test("an analysis that a person promoted past is never told as successful", () => {
	const steps = [
		{ kind: "weight", weight: 10 },
		{ kind: "analysis", count: 2 },
	] as const;
	const facts = { ...plain, steps, step: 2, state: "promoted", from: 1, to: 2, weight: 100 } as const;
	const analysis = (successful: Record<number, number>) => rolloutSteps({ ...facts, successful }, [candidate])[3];
	expect(analysis({ 1: 1 })).toEqual({ name: "analysis", state: "skipped", detail: "1 of 2 successful" });
	expect(analysis({ 1: 2 })).toEqual({ name: "analysis", state: "done", detail: "2 of 2 successful" });
});
