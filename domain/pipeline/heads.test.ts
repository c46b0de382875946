import fc from "fast-check";
import { expect, test } from "vitest";
import { diffHeads, type Head } from "./heads";

const heads = fc.uniqueArray(
	fc.record({
		branch: fc.constantFrom("main", "a", "b/c", "main;id", "--upload-pack=x"),
		commit: fc.constantFrom("1", "2", "3"),
	}),
	{ selector: (head) => head.branch },
);

function apply(recorded: readonly Head[], actual: readonly Head[]): Head[] {
	const { pushed, deleted } = diffHeads(recorded, actual);
	const kept = recorded.filter((head) => !deleted.includes(head.branch) && !pushed.some((one) => one.branch === head.branch));
	return [...kept, ...pushed];
}

const sorted = (list: readonly Head[]) => [...list].sort((a, b) => a.branch.localeCompare(b.branch));

test("recording the changes makes the record equal to the repository", () => {
	fc.assert(
		fc.property(heads, heads, (recorded, actual) => {
			expect(sorted(apply(recorded, actual))).toEqual(sorted(actual));
		}),
	);
});

test("a recorded push is never found a second time", () => {
	fc.assert(
		fc.property(heads, (actual) => {
			expect(diffHeads(actual, actual)).toEqual({ pushed: [], deleted: [] });
		}),
	);
});

test("a deleted branch is forgotten and is no push", () => {
	expect(diffHeads([{ branch: "old", commit: "1" }], [])).toEqual({ pushed: [], deleted: ["old"] });
});
