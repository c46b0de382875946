import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareLines, type InstanceLine, isInstanceId, lineTimeMs, lineTimeOf, parsePlace, placeText } from "./model";
import { isTaken, parseRecord, recordOf } from "./record";

const time = (ms: number) => lineTimeOf(ms);
const place = fc.record({
	time: fc.integer({ min: 0, max: 4e12 }).map(time),
	number: fc.nat(1e9),
	instance: fc.constantFrom("orders-staging-1-1a", "orders-staging-1-1b", "web--api-staging-7-12a"),
});

describe("a line in a file", () => {
	it("is read as it was written, whatever its text holds", () => {
		fc.assert(
			fc.property(
				place,
				fc.constantFrom("out", "err", "note"),
				fc.string({ unit: "binary", maxLength: 60 }),
				(at, stream, text) => {
					const line: InstanceLine = { ...at, stream, container: "abcdef012345", text: text.replaceAll("\n", "") };
					const record = recordOf(line.container, line);
					expect(record.indexOf("\n")).toBe(record.length - 1);
					expect(parseRecord(line.instance, record.slice(0, -1))).toEqual(line);
				},
			),
		);
	});

	it("that a power cut tore is no line", () => {
		const whole = recordOf("abcdef012345", { time: time(5), number: 3, stream: "out", text: "words" });
		for (let length = 0; length < whole.indexOf("words"); length += 1)
			expect(parseRecord("a", whole.slice(0, length))).toBeNull();
		expect(parseRecord("a", "\u0000".repeat(100))).toBeNull();
	});

	it("is taken once; an agent that counts from the start again loses nothing that is newer", () => {
		const last = { time: time(1_000), number: 7 };
		expect(isTaken(null, { time: time(1), number: 1 })).toBe(false);
		expect(isTaken(last, last)).toBe(true);
		expect(isTaken(last, { time: time(900), number: 6 })).toBe(true);
		// The host's clock went back.
		expect(isTaken(last, { time: time(10), number: 8 })).toBe(false);
		expect(isTaken(last, { time: time(1_001), number: 1 })).toBe(false);
	});
});

describe("a line's place", () => {
	it("is one word, and nothing else is a place", () => {
		fc.assert(
			fc.property(place, (at) => {
				expect(parsePlace(placeText(at))).toEqual(at);
			}),
		);
		const good = placeText({ time: time(5), number: 3, instance: "a-b" });
		for (const bad of [
			"",
			"x",
			`${good}~x`,
			good.replace("a-b", "../b"),
			good.replace("~3~", "~-3~"),
			good.replace("1970", "19.0"),
		])
			expect(parsePlace(bad)).toBeNull();
	});

	it("has an order that sorts by time first", () => {
		fc.assert(
			fc.property(place, place, (a, b) => {
				expect(Math.sign(compareLines(a, b)) + Math.sign(compareLines(b, a))).toBe(0);
				if (lineTimeMs(a.time) < lineTimeMs(b.time)) expect(compareLines(a, b)).toBe(-1);
			}),
		);
	});

	it("names a file only by letters, digits and dashes", () => {
		for (const bad of ["", "..", "a/b", "A", "ä", "a\n", "-a", "a.b", "a".repeat(161)]) expect(isInstanceId(bad)).toBe(false);
		expect(isInstanceId("web--api-staging-7-12ab")).toBe(true);
	});
});
