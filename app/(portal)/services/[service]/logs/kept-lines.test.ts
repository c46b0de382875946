import { describe, expect, it } from "vitest";
import { type InstanceLine, lineTimeOf, placeText } from "@/domain/instance-log/model";
import { behindLinked, newestMs, none, wished, withLines } from "./kept-lines";

const line = (number: number, atMs = number): InstanceLine => ({
	...{ time: lineTimeOf(atMs), number, stream: "out", text: `Line ${number}`, instance: "a", container: "abcdef012345" },
});
const numbers = (lines: readonly InstanceLine[]) => lines.map((one) => one.number);

describe("lines on the page", () => {
	it("are there once and in order, however they came", () => {
		let kept = withLines(none, [line(3), line(4)], "older");
		kept = withLines(kept, [line(4), line(6)]);
		kept = withLines(kept, [line(5), line(3)]);
		kept = withLines(kept, [line(1), line(2)], null);
		expect([numbers(kept.lines), kept.older]).toEqual([[1, 2, 3, 4, 5, 6], null]);
		expect(withLines(kept, [line(2)])).toBe(kept);
		expect(newestMs(kept.lines)).toBe(6);
	});

	it("are not more than it can hold: the oldest go, and can be asked for again", () => {
		const all = Array.from({ length: 20_005 }, (_, index) => line(index + 1));
		const kept = withLines(none, all, null);
		expect(kept.lines).toHaveLength(20_000);
		expect(kept.older).toBe(placeText(line(6)));
	});

	it("of a stream are those with the words", () => {
		const wish = { service: "s", environment: "e", instance: "", spanMs: null, search: "LINE 2" };
		expect(numbers(wished([line(1), line(2)], wish))).toEqual([2]);
	});

	it("begin behind the one that the address names", () => {
		const hash = `#${encodeURIComponent(placeText(line(7)))}`;
		expect(behindLinked(hash)).toBe(placeText({ ...line(7), number: 8 }));
		expect([behindLinked(""), behindLinked("#L12")]).toEqual([null, null]);
	});
});
