import { describe, expect, it } from "vitest";
import { durationParts } from "./duration";

describe("a length of time", () => {
	it("is said in the two units that a person would say", () => {
		const said = [850, 12_400, 245_000, 7_800_000, 270_000_000].map((ms) => {
			const { major, minor, unit } = durationParts(ms);
			return `${major} ${unit} ${minor}`;
		});
		expect(said).toEqual(["850 ms 0", "12 s 0", "4 min 5", "2 h 10", "3 d 3"]);
	});

	it("is never negative, when two clocks disagree", () => {
		expect(durationParts(-5000)).toEqual({ unit: "ms", major: 0, minor: 0 });
	});
});
