import { expect, test } from "vitest";
import { gathered } from "./gathered";

/** A question whose answers are given by hand; each answer is the names it was asked for. */
function trial() {
	const asked: { names: string; answer: () => void; fail: () => void }[] = [];
	const ask = gathered(
		(names) =>
			new Promise<string>((resolve, reject) => {
				const text = names === null ? "all" : [...names].sort().join(" ");
				asked.push({ names: text, answer: () => resolve(text), fail: () => reject(new Error(text)) });
			}),
	);
	return { ask, asked, settle: () => new Promise((resolve) => setImmediate(resolve)) };
}

test("who asks while a question is under way gets the answer of the next one, which is for all of them", async () => {
	const { ask, asked, settle } = trial();
	const first = ask(["a"]);
	await settle();
	const later = [ask(["b"]), ask(["c"]), ask(["b"])];
	await settle();
	expect(asked.map(({ names }) => names)).toEqual(["a"]);
	asked[0]?.answer();
	expect(await first).toBe("a");
	await settle();
	expect(asked.map(({ names }) => names)).toEqual(["a", "b c"]);
	asked[1]?.answer();
	expect(await Promise.all(later)).toEqual(["b c", "b c", "b c"]);
});

test("who wants everything gets it for those who want less, too", async () => {
	const { ask, asked, settle } = trial();
	const both = [ask(["a"]), ask(null), ask(["b"])];
	await settle();
	asked[0]?.answer();
	expect(await Promise.all(both)).toEqual(["all", "all", "all"]);
});

test("a failed question is told to those it was for, and holds nobody up", async () => {
	const { ask, asked, settle } = trial();
	const first = ask(["a"]);
	await settle();
	const second = ask(["b"]);
	asked[0]?.fail();
	await expect(first).rejects.toThrow("a");
	await settle();
	asked[1]?.answer();
	expect(await second).toBe("b");
});
