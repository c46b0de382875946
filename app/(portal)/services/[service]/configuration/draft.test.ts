import { expect, test } from "vitest";
import type { ConfigEntryRow } from "@/server/views";
import { changesOf, type Draft, linesOf, withChange } from "./draft";

const entries: ConfigEntryRow[] = [
	{ name: "LEVEL", kind: "plain", value: "info", secret: null },
	{ name: "KEY", kind: "secret", value: null, secret: { version: 2, setBy: "mei", setAt: new Date(0) } },
];
const change = (draft: Draft, ...rest: [string, Parameters<typeof withChange>[3]]) => withChange(entries, draft, ...rest);

test("typing a value back to what it was is no change, and neither is removing what was only added", () => {
	const typed = change({}, "LEVEL", { kind: "plain", value: "inf" });
	expect(changesOf(typed)).toEqual([{ name: "LEVEL", kind: "plain", value: "inf" }]);
	expect(change(typed, "LEVEL", { kind: "plain", value: "info" })).toEqual({});
	const added = change({}, "NEW", { kind: "plain", value: "" });
	expect(change(added, "NEW", { kind: "remove" })).toEqual({});
	expect(change(change({}, "KEY", { kind: "remove" }), "KEY", null)).toEqual({});
});

test("a secret that becomes a plain value is a change, whatever it is", () => {
	expect(changesOf(change({}, "KEY", { kind: "plain", value: "" }))).toEqual([{ name: "KEY", kind: "plain", value: "" }]);
});

test("lines are entries and additions, by name", () => {
	const draft = change(change({}, "NEW", { kind: "secret", value: "x" }), "LEVEL", { kind: "remove" });
	expect(linesOf(entries, draft).map(({ name, entry, change: to }) => [name, entry?.kind ?? null, to?.kind ?? null])).toEqual([
		["KEY", "secret", null],
		["LEVEL", "plain", "remove"],
		["NEW", null, "secret"],
	]);
});
