import fc from "fast-check";
import { expect, test } from "vitest";
import { batchCharacters, LogBatch } from "./log-batch";

function drain(batch: LogBatch): string[] {
	const texts: string[] = [];
	for (let taken = batch.take(true); taken; taken = batch.take(true)) texts.push(taken.text);
	return texts;
}

test("nothing written is lost, doubled or reordered, and no batch is over its size", () => {
	const chunk = fc.oneof(fc.string(), fc.constantFrom("\n", "\r", "50%\r", "\u001b[31mred\u001b[0m\n", "x".repeat(70_000)));
	fc.assert(
		fc.property(fc.array(fc.tuple(chunk, fc.boolean())), (chunks) => {
			const batch = new LogBatch(0);
			const texts: string[] = [];
			for (const [text, isDue] of chunks) {
				batch.add(text);
				const taken = isDue ? batch.take(false) : null;
				if (taken) texts.push(taken.text);
			}
			texts.push(...drain(batch));
			expect(texts.join("")).toBe(chunks.map(([text]) => text.replaceAll("\u0000", "\ufffd")).join(""));
			for (const text of texts) expect(text.length).toBeLessThanOrEqual(batchCharacters);
		}),
	);
});

test("half a line waits for its end, a progress line does not", () => {
	const batch = new LogBatch(0);
	batch.add("one\ntw");
	expect(batch.take(false)?.text).toBe("one\n");
	batch.add("o\r 10%\r");
	expect(batch.take(false)?.text).toBe("two\r 10%\r");
});

test("a pipeline over its limit is cut once, with a sentence", () => {
	const batch = new LogBatch(90, 100);
	batch.add("0123456789abcdef");
	expect(batch.add("more")).toBe(false);
	const text = drain(batch).join("");
	expect(text.startsWith("0123456789\n[the log ends here")).toBe(true);
	expect(text.match(/log ends here/g)).toHaveLength(1);
	expect(new LogBatch(100, 100).add("x")).toBe(false);
});
