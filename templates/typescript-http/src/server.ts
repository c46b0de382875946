import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AskMoon } from "./moon.ts";
import { findQuote, findQuotes, quoteOfTheDay } from "./quotes.ts";
import { type Spans, serverKind } from "./spans.ts";
import { type Trace, traceOf } from "./trace.ts";

export interface Options {
	readonly version: string;
	readonly instance: string;
	readonly now: () => Date;
	readonly log: (fields: Record<string, unknown>) => void;
	readonly spans: Spans;
	readonly askMoon: AskMoon;
}

type Answer = { status: number; body: unknown };

export function createQuotesServer(options: Options): Server {
	return createServer((request, response) => {
		// Asked every few seconds by every proxy: neither logged nor traced.
		if (request.url === "/healthz") return send(response, { status: 200, body: { status: "ok" } });
		const trace = traceOf(request.headers);
		response.setHeader("x-request-id", trace.requestId);
		watch(request, response, trace, options);
		void respond(request, response, trace, options);
	});
}

async function respond(request: IncomingMessage, response: ServerResponse, trace: Trace, options: Options): Promise<void> {
	try {
		send(response, await answer(request, trace, options));
	} catch (error) {
		options.log({ level: "error", message: "the request failed", error: String(error), ...idsOf(trace) });
		const sentence = `Something is wrong here: the log says what, under ${trace.requestId}.`;
		if (!response.headersSent) send(response, { status: 500, body: { error: sentence } });
	}
}

/** Tells how a request went: a line of the log, and a span. */
function watch(request: IncomingMessage, response: ServerResponse, trace: Trace, { log, spans }: Options): void {
	const startMs = performance.timeOrigin + performance.now();
	response.on("close", () => {
		const endMs = performance.timeOrigin + performance.now();
		const { method = "GET", url: path = "/" } = request;
		const status = response.statusCode;
		const durationMs = Math.round((endMs - startMs) * 10) / 10;
		log({ message: "request", method, path, status, durationMs, ...idsOf(trace), isComplete: response.writableFinished });
		const name = `${method} ${path.split("?")[0]}`;
		const { spanId, parentId } = trace;
		spans.add({ trace, spanId, parentId, name, kind: serverKind, startMs, endMs, status });
	});
}

function idsOf({ requestId, traceId, spanId }: Trace) {
	return { requestId, traceId, spanId };
}

async function answer(request: IncomingMessage, trace: Trace, options: Options): Promise<Answer> {
	const url = new URL(request.url ?? "/", "http://service");
	if (request.method !== "GET" && request.method !== "HEAD") {
		return { status: 405, body: { error: `${request.method} is not supported: this service only reads.` } };
	}
	if (url.pathname === "/") {
		return { status: 200, body: { service: "quotes", version: options.version, instance: options.instance } };
	}
	if (url.pathname === "/quotes") return { status: 200, body: { quotes: findQuotes(url.searchParams.get("author")) } };
	if (url.pathname === "/quotes/today") return { status: 200, body: quoteOfTheDay(options.now()) };
	if (url.pathname === "/tonight") return tonight(trace, options);
	const id = /^\/quotes\/([1-9][0-9]{0,8})$/.exec(url.pathname)?.[1];
	const quote = id ? findQuote(Number(id)) : null;
	if (quote) return { status: 200, body: quote };
	return { status: 404, body: { error: `There is nothing at ${url.pathname}: try /quotes or /quotes/today.` } };
}

/** The other service may be away: the answer is then without it. */
async function tonight(trace: Trace, { askMoon, log, now }: Options): Promise<Answer> {
	const moon = await askMoon(trace).catch((error: unknown) => {
		log({ level: "warn", message: "the night has no moon", error: String(error), ...idsOf(trace) });
		return null;
	});
	return { status: 200, body: { quote: quoteOfTheDay(now()), moon } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
	const text = `${JSON.stringify(body)}\n`;
	response.writeHead(status, { "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(text) });
	response.end(text);
}
