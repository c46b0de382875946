import { expect, test } from "vitest";
import { type HostFacts, whyNotDrain, whyNotRemove, whyNotUndrain } from "./gate";

const host = (change: Partial<HostFacts> = {}): HostFacts => ({
	name: "h2",
	state: "ready",
	isSilent: false,
	instances: 0,
	...change,
});

test("a host is drained once, and undrained only then", () => {
	expect(whyNotDrain(host())).toBe(null);
	expect(whyNotDrain(host({ state: "draining" }))).toMatch(/already/);
	expect(whyNotUndrain(host())).toMatch(/not drained/);
	expect(whyNotUndrain(host({ state: "draining" }))).toBe(null);
});

test("what answers is never removed, by no force", () => {
	expect(whyNotRemove(host(), true)).toBe("Host h2 answers: run `sluice host leave` on it, and remove it when it is silent.");
	expect(whyNotRemove(host({ instances: 2, state: "draining" }), true)).toBe(
		"Host h2 answers and 2 instances are recorded there: drain it and wait until they are gone, then run `sluice host leave` on it, and remove it when it is silent.",
	);
});

test("what is silent is removed when it holds nothing, or by force", () => {
	expect(whyNotRemove(host({ isSilent: true }), false)).toBe(null);
	expect(whyNotRemove(host({ isSilent: true, instances: 1 }), false)).toMatch(/1 instance is recorded there .* --force/);
	expect(whyNotRemove(host({ isSilent: true, instances: 1 }), true)).toBe(null);
});

test("a removed host may do nothing but join again", () => {
	const removed = host({ state: "removed", isSilent: true });
	for (const why of [whyNotDrain(removed), whyNotUndrain(removed), whyNotRemove(removed, true)]) expect(why).toMatch(/removed/);
});
