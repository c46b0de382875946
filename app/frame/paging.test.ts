import { expect, it } from "vitest";
import { readCursor } from "@/domain/cursor";
import { nextByName, nextByTime, pageRows } from "./paging";

const names = Array.from({ length: pageRows }, (_, number) => ({ name: `s${number}` }));

it("only a full page may have one after it", () => {
	expect(nextByName(names)).toBe(`s${pageRows - 1}`);
	expect(nextByName(names.slice(1))).toBeNull();
	expect(nextByName(undefined)).toBeNull();
});

it("what is newest first goes on after its last row, as the server reads it", () => {
	const rows = names.map((_, index) => ({
		createdAt: new Date(index),
		service: "orders",
		environment: "staging",
		number: index,
	}));
	const next = nextByTime(rows, ({ service, environment }) => [service, environment]);
	expect(readCursor(next ?? "", 2)).toEqual({ at: new Date(pageRows - 1), words: ["orders", "staging"], number: pageRows - 1 });
});
