import fc from "fast-check";
import { expect, it } from "vitest";
import type { CanaryStep } from "@/domain/manifest/model";
import { stepOfWord, stepWord } from "@/domain/rollout/step-words";

const step: fc.Arbitrary<CanaryStep> = fc.oneof(
	fc.record({ kind: fc.constant("weight" as const), weight: fc.integer({ min: 0, max: 10_000 }).map((n) => n / 100) }),
	fc.record({ kind: fc.constant("pause" as const), durationMs: fc.option(fc.integer({ min: 0, max: 86_400_000 })) }),
	fc.record({ kind: fc.constant("analysis" as const), count: fc.integer({ min: 1, max: 1_000 }) }),
);

it("a step's word is read back as the same step", () => {
	fc.assert(
		fc.property(step, (one) => {
			expect(stepOfWord(stepWord(one))).toEqual({ ...one });
		}),
	);
	expect(stepWord({ kind: "pause", durationMs: 90_000 })).toBe("pause=90s");
});

it("what is no step is not read", () => {
	for (const word of ["", "weight", "weight=101", "weight=-1", "pause=2days", "analysis=0", "promote", "pause=25h"]) {
		expect([word, stepOfWord(word)]).toEqual([word, null]);
	}
});
