import assert from "node:assert/strict";
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { createQuotesServer } from "../src/server.ts";

let server: Server;
let address: string;
const lines: Record<string, unknown>[] = [];

before(async () => {
	server = createQuotesServer({
		version: "test",
		instance: "one",
		now: () => new Date("2026-03-01T12:00:00Z"),
		log: (fields) => lines.push(fields),
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(() => {
	server.close();
	server.closeAllConnections();
});

test("it is healthy", async () => {
	const response = await fetch(`${address}/healthz`);
	assert.equal(response.status, 200);
	assert.deepEqual(await response.json(), { status: "ok" });
});

test("it says which version and instance answers", async () => {
	assert.deepEqual(await (await fetch(address)).json(), { service: "quotes", version: "test", instance: "one" });
});

test("quotes are listed, found by author and by id", async () => {
	const all = (await (await fetch(`${address}/quotes`)).json()) as { quotes: unknown[] };
	assert.ok(all.quotes.length > 1);
	const one = (await (await fetch(`${address}/quotes?author=carroll`)).json()) as { quotes: { author: string }[] };
	assert.deepEqual(
		one.quotes.map((quote) => quote.author),
		["Lewis Carroll"],
	);
	assert.equal((await fetch(`${address}/quotes/1`)).status, 200);
});

test("what does not exist is 404 with a sentence, and writing is 405", async () => {
	const missing = await fetch(`${address}/quotes/999`);
	assert.equal(missing.status, 404);
	assert.match(((await missing.json()) as { error: string }).error, /nothing at \/quotes\/999/);
	assert.equal((await fetch(`${address}/quotes`, { method: "POST" })).status, 405);
});

test("a request is logged with its status, a health check is not", async () => {
	lines.length = 0;
	await fetch(`${address}/healthz`);
	await fetch(`${address}/quotes/today`);
	assert.deepEqual(
		lines.map((line) => [line.path, line.status]),
		[["/quotes/today", 200]],
	);
});
