import { describe, expect, it } from "vitest";
import { anchorOf, linesOf, overwritten } from "./lines";

const at = new Date(0);

describe("log lines", () => {
	it("are numbered over the whole log in order of sequence, whatever order they came in", () => {
		const lines = linesOf([
			{ sequence: 2, group: "build", at, text: "c\n" },
			{ sequence: 1, group: "test", at, text: "a\nb" },
		]);
		expect(lines.map((line) => [line.number, line.text, line.opens])).toEqual([
			[1, "a", true],
			[2, "b", false],
			[3, "c", true],
		]);
	});

	it("come once, however often they arrive", () => {
		const entry = { sequence: 1, group: "test", at, text: "a" };
		expect(linesOf([entry, entry])).toHaveLength(1);
	});

	it("have an address: their number, or a place that stays when older lines come", () => {
		expect([anchorOf({ number: 12 }), anchorOf({ number: 12, anchor: "there" })]).toEqual(["L12", "there"]);
	});

	it("keep of a progress line what a terminal would show last", () => {
		expect(overwritten("10 %\r55 %\r100 %")).toBe("100 %");
		expect(overwritten("done\r")).toBe("done");
	});
});
