import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reservoir } from "./reservoir";
import { seeded } from "./testing/seeded";

function filled(values: number, size: number, random: () => number): number[] {
	const reservoir = new Reservoir(random, size);
	for (let value = 0; value < values; value += 1) reservoir.add(value);
	return reservoir.sample();
}

describe("a reservoir", () => {
	it("holds everything until it is full, and then `size` different values of those it saw", () => {
		fc.assert(
			fc.property(fc.nat(600), fc.integer({ min: 1, max: 200 }), fc.integer(), (values, size, seed) => {
				const sample = filled(values, size, seeded(seed));
				expect(sample).toHaveLength(Math.min(values, size));
				expect(new Set(sample).size).toBe(sample.length);
				expect(sample.every((value) => value >= 0 && value < values)).toBe(true);
			}),
		);
	});

	it("keeps every value equally often, in the whole and in the first half of what it gives", () => {
		const [values, size, rounds] = [50, 10, 20_000];
		const random = seeded(1);
		const whole = new Array<number>(values).fill(0);
		const half = new Array<number>(values).fill(0);
		for (let round = 0; round < rounds; round += 1) {
			for (const [place, value] of filled(values, size, random).entries()) {
				whole[value] = (whole[value] ?? 0) + 1;
				if (place < size / 2) half[value] = (half[value] ?? 0) + 1;
			}
		}
		expect(chiSquare(whole, (rounds * size) / values)).toBeLessThan(limit);
		expect(chiSquare(half, (rounds * size) / values / 2)).toBeLessThan(limit);
	});
});

/** The chi-square distribution with 49 degrees of freedom exceeds this with p = 1e-6. */
const limit = 112.6;

function chiSquare(seen: readonly number[], expected: number): number {
	return seen.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
