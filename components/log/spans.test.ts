import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { occurrences, plainText, spansOf } from "./spans";

const red = "\u001b[31m";
const plain = "\u001b[0m";

describe("a line of a log", () => {
	it("shows colours as class names, and markup as text", () => {
		expect(spansOf(`${red}ERR${plain} <b>no</b>`, "")).toEqual([
			{ text: "ERR", className: "ansi-red-fg", marked: false },
			{ text: " <b>no</b>", className: "", marked: false },
		]);
	});

	it("marks what is searched for, across a change of colour", () => {
		const marked = spansOf(`a${red}b${plain}c`, "BC").filter((span) => span.marked);
		expect(marked.map((span) => span.text)).toEqual(["b", "c"]);
	});

	it("drops cursor movements and titles", () => {
		expect(plainText("\u001b[2K\u001b[1Gready\u001b]0;title\u0007")).toBe("ready");
	});

	it("loses no letter to marking", () => {
		fc.assert(
			fc.property(fc.string(), fc.string({ maxLength: 3 }), (line, query) => {
				expect(
					spansOf(line, query)
						.map((span) => span.text)
						.join(""),
				).toBe(
					spansOf(line, "")
						.map((span) => span.text)
						.join(""),
				);
			}),
		);
	});

	it("finds occurrences that do not overlap, upper case or not", () => {
		expect(occurrences("aAaa", "aa")).toEqual([
			[0, 2],
			[2, 4],
		]);
	});
});
