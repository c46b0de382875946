import { describe, expect, it } from "vitest";
import type { CanaryStep } from "@/domain/manifest/model";
import { draftsOf, problemOf, stepsOf } from "./step-draft";

describe("steps as they are typed", () => {
	it("are the same steps when nothing is typed", () => {
		const steps: CanaryStep[] = [
			{ kind: "weight", weight: 12.5 },
			{ kind: "pause", durationMs: null },
			{ kind: "pause", durationMs: 90_000 },
			{ kind: "pause", durationMs: 7_200_000 },
			{ kind: "pause", durationMs: 0 },
			{ kind: "analysis", count: 3 },
		];
		expect(stepsOf(draftsOf(steps))).toEqual(steps);
	});

	it("name what cannot be read, and are none until all can be", () => {
		const wrong = [
			{ key: 0, kind: "weight", value: "101" },
			{ key: 1, kind: "weight", value: "1e1" },
			{ key: 2, kind: "pause", value: "20" },
			{ key: 3, kind: "pause", value: "25h" },
			{ key: 4, kind: "analysis", value: "0" },
		] as const;
		expect(wrong.map(problemOf)).toEqual(["weight", "weight", "pause", "pause", "analysis"]);
		expect(stepsOf([{ key: 0, kind: "weight", value: "10" }, ...wrong])).toBeNull();
	});
});
