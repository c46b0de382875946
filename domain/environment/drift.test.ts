import { describe, expect, it } from "vitest";
import { driftOf } from "@/domain/environment/drift";

const staging = (number: number, base = number) => ({ environment: "staging", release: { number, base } });

describe("how an environment drifts from the one before", () => {
	it("is ahead by the releases between, or behind when it went back", () => {
		expect(driftOf(staging(7), { number: 4, base: 4 })).toMatchObject({ relation: "ahead", release: 7, releases: 3 });
		expect(driftOf(staging(4), { number: 7, base: 7 })).toMatchObject({ relation: "behind", release: 4, releases: 3 });
	});

	it("is none where the same image runs, configured for each", () => {
		expect(driftOf(staging(4), { number: 4, base: 4 })).toBeNull();
		expect(driftOf(staging(4), { number: 5, base: 4 })).toBeNull();
		expect(driftOf(staging(6, 3), { number: 5, base: 4 })).toMatchObject({ relation: "behind", release: 6, releases: 1 });
	});

	it("is new where nothing was ever deployed, and none where nothing is before", () => {
		expect(driftOf(staging(2), null)).toMatchObject({ relation: "new", release: 2, releases: null });
		expect(driftOf(null, { number: 2, base: 2 })).toBeNull();
		expect(driftOf(null, null)).toBeNull();
	});
});
