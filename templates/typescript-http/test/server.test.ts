import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { createAskMoon } from "../src/moon.ts";
import { createQuotesServer } from "../src/server.ts";
import { createSpans, noSpans, type Spans } from "../src/spans.ts";

const servers: Server[] = [];
const lines: Record<string, unknown>[] = [];
let address: string;

async function listen(server: Server): Promise<string> {
	servers.push(server);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Another service, or a collector. */
const other = (answer: RequestListener): Promise<string> => listen(createServer(answer));

function serve(almanac?: string, spans: Spans = noSpans): Promise<string> {
	return listen(
		createQuotesServer({
			version: "test",
			instance: "one",
			now: () => new Date("2026-03-01T12:00:00Z"),
			log: (fields) => lines.push(fields),
			spans,
			askMoon: createAskMoon(almanac, spans),
		}),
	);
}

before(async () => {
	address = await serve();
});

after(() => {
	for (const server of servers) {
		server.close();
		server.closeAllConnections();
	}
});

/** A line is written when the answer is gone, which its reader may know first. */
async function linesWritten(count: number): Promise<void> {
	while (lines.length < count) await setImmediate();
}

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";
const traced = { traceparent: `00-${traceId}-${spanId}-01`, baggage: "lane=blue", "x-request-id": "r1" };

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
	await linesWritten(1);
	assert.deepEqual(
		lines.map((line) => [line.path, line.status]),
		[["/quotes/today", 200]],
	);
});

test("a request says its id and trace in its line, and its id in its answer", async () => {
	lines.length = 0;
	const response = await fetch(`${address}/quotes`, { headers: traced });
	assert.equal(response.headers.get("x-request-id"), "r1");
	await linesWritten(1);
	assert.deepEqual(
		lines.map((line) => [line.requestId, line.traceId]),
		[["r1", traceId]],
	);
});

test("another service is asked with the caller's trace and baggage", async () => {
	let asked: IncomingHttpHeaders = {};
	const almanac = await other((request, response) => {
		asked = request.headers;
		response.end(JSON.stringify({ phase: "full moon" }));
	});
	const body = (await (await fetch(`${await serve(almanac)}/tonight`, { headers: traced })).json()) as { moon: unknown };
	assert.deepEqual(body.moon, { phase: "full moon" });
	assert.match(String(asked.traceparent), new RegExp(`^00-${traceId}-(?!${spanId})[0-9a-f]{16}-01$`));
	assert.equal(asked.baggage, "lane=blue");
	assert.equal(asked["x-request-id"], "r1");
});

test("without the other service it answers, and says so in its log", async () => {
	const almanac = await other((_, response) => response.writeHead(500).end("{}"));
	lines.length = 0;
	const body = (await (await fetch(`${await serve(almanac)}/tonight`)).json()) as { moon: unknown };
	assert.equal(body.moon, null);
	await linesWritten(2);
	assert.equal(lines[0]?.level, "warn");
	assert.match(String(lines[0]?.error), /answered 500/);
	assert.equal(lines[0]?.traceId, lines[1]?.traceId);
});

test("spans reach a collector as one trace, and only of requests that are sampled", async () => {
	const posted: string[] = [];
	const collector = await other(async (request, response) => {
		let text = "";
		for await (const chunk of request) text += chunk;
		posted.push(`${request.url} ${text}`);
		response.end("{}");
	});
	const spans = createSpans(`${collector}/`, { service: "quotes", version: "test", instance: "one" }, () => {});
	const traces = await serve(await other((_, response) => response.end('{"phase":"new moon"}')), spans);
	lines.length = 0;
	await (await fetch(`${traces}/tonight`, { headers: traced })).json();
	await (await fetch(`${traces}/quotes`, { headers: { traceparent: `00-${traceId}-${spanId}-00` } })).json();
	await linesWritten(2);
	await spans.close();
	const [, path, text] = /^(\S+) (.*)$/.exec(posted.join()) ?? [];
	assert.equal(path, "/v1/traces");
	const found = JSON.parse(text ?? "").resourceSpans[0].scopeSpans[0].spans;
	assert.deepEqual(
		found.map((span: { name: string; traceId: string }) => [span.name, span.traceId]),
		[
			["GET /moon", traceId],
			["GET /tonight", traceId],
		],
	);
	assert.equal(found[0].parentSpanId, found[1].spanId);
	assert.equal(found[1].parentSpanId, spanId);
});
