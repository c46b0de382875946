import { describe, expect, it } from "vitest";
import { linePath, rangeOf, stepPath } from "./line-chart";

const span = [0, 10] as const;
const range = [0, 1] as const;

describe("a line", () => {
	it("is broken where there is no value, never drawn through", () => {
		const points = [
			{ x: 0, y: 0 },
			{ x: 5, y: 1 },
			{ x: 7, y: null },
			{ x: 10, y: 0.5 },
		];
		expect(linePath(points, span, range)).toBe("M0 100 L50 0 M100 50");
	});

	it("stands in the middle when there is one value only", () => {
		expect(linePath([{ x: 3, y: 1 }], [3, 3], range)).toBe("M50 0");
	});
});

describe("a limit", () => {
	it("reaches from edge to edge and holds until the next one", () => {
		expect(
			stepPath(
				[
					{ x: 0, y: null },
					{ x: 2, y: 0.5 },
					{ x: 5, y: 1 },
				],
				span,
				range,
			),
		).toBe("M0 50 H50 V0 H100");
		expect(stepPath([{ x: 0, y: null }], span, range)).toBe("");
	});
});

describe("a range", () => {
	it("leaves room around the values, within the bounds", () => {
		expect(rangeOf([0.9, 1], { ceiling: 1 })).toEqual([0.89, 1]);
		expect(rangeOf([50], { floor: 0 })).toEqual([45, 55]);
		expect(rangeOf([], { floor: 0 })).toEqual([0, 1]);
	});
});
