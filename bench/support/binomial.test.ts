import { expect, test } from "vitest";
import { binomialTest, leastProbability } from "./binomial";

test("agrees with values computed with fractions", () => {
	expect(binomialTest(1, 10, 0.5)).toBeCloseTo(22 / 1024, 12);
	expect(binomialTest(5, 10, 0.5)).toBe(1);
	expect(binomialTest(3, 3, 0.1)).toBeCloseTo(0.001, 12);
	expect(binomialTest(7, 20, 0.3)).toBeCloseTo(0.629_497_966_7, 9);
	expect(binomialTest(682, 925, 0.75)).toBeCloseTo(0.382_491_559_5, 9);
});

test("10,000 answers at 10 %: what an honest proxy gives passes, a weight that is off by one and a half does not", () => {
	expect(binomialTest(1_000, 10_000, 0.1)).toBeCloseTo(1, 6);
	expect(binomialTest(1_060, 10_000, 0.1)).toBeGreaterThan(0.04);
	expect(binomialTest(1_150, 10_000, 0.1)).toBeLessThan(leastProbability);
	expect(binomialTest(850, 10_000, 0.1)).toBeLessThan(leastProbability);
});

test("nothing and everything are shares, too", () => {
	expect(binomialTest(0, 50, 0)).toBe(1);
	expect(binomialTest(1, 50, 0)).toBe(0);
	expect(binomialTest(50, 50, 1)).toBe(1);
});

test("numbers that are no outcome are refused", () => {
	expect(() => binomialTest(11, 10, 0.5)).toThrow("no outcome");
	expect(() => binomialTest(0, 0, 0.5)).toThrow("no outcome");
});
