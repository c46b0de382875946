import { describe, expect, it } from "vitest";
import { stepPath } from "./sparkline";

describe("a sparkline", () => {
	it("holds each value until the next one", () => {
		const points = [
			{ x: 0, y: 10 },
			{ x: 100, y: 0 },
		];
		expect(stepPath(points, 100, 23)).toBe("M0 2 H100 V22");
	});

	it("is empty without points and a line with one", () => {
		expect(stepPath([], 100, 20)).toBe("");
		expect(stepPath([{ x: 5, y: 0 }], 100, 20)).toBe("M0 19 H100");
	});
});
