import assert from "node:assert/strict";
import { test } from "node:test";
import { findQuote, findQuotes, quoteOfTheDay } from "../src/quotes.ts";

test("an author is found by a part of the name, in any case", () => {
	assert.deepEqual(
		findQuotes("AUSTEN").map((quote) => quote.source),
		["Pride and Prejudice, chapter 1"],
	);
	assert.deepEqual(findQuotes("nobody"), []);
});

test("an unknown id is nothing", () => {
	assert.equal(findQuote(999), null);
	assert.equal(findQuote(1)?.author, "Herman Melville");
});

test("the quote of the day is the same all day and another one tomorrow", () => {
	const morning = quoteOfTheDay(new Date("2026-03-01T00:00:00Z"));
	const night = quoteOfTheDay(new Date("2026-03-01T23:59:59Z"));
	const tomorrow = quoteOfTheDay(new Date("2026-03-02T00:00:00Z"));
	assert.equal(morning.id, night.id);
	assert.notEqual(morning.id, tomorrow.id);
});
