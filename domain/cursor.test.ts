import fc from "fast-check";
import { expect, it } from "vitest";
import { cursorText, readCursor } from "@/domain/cursor";

it("a cursor is read back as it was", () => {
	const at = fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true });
	const word = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
	fc.assert(
		fc.property(at, word, word, fc.nat(), (when, one, other, number) => {
			const cursor = { at: when, words: [one, other], number };
			expect(readCursor(cursorText(cursor), 2)).toEqual(cursor);
		}),
	);
});

it("what is no cursor is refused", () => {
	for (const text of ["", "yesterday/orders/staging/1", "2026-11-24T00:00:00.000Z/orders/1", "2026-11-24T00:00:00.000Z/a/b/x"]) {
		expect(() => readCursor(text, 2)).toThrow("not one of this list");
	}
});
