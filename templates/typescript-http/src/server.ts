import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { findQuote, findQuotes, quoteOfTheDay } from "./quotes.ts";

export interface Options {
	readonly version: string;
	readonly instance: string;
	readonly now: () => Date;
	readonly log: (fields: Record<string, unknown>) => void;
}

type Answer = { status: number; body: unknown };

export function createQuotesServer(options: Options): Server {
	return createServer((request, response) => {
		const startedAt = performance.now();
		response.on("close", () => {
			if (request.url === "/healthz") return;
			options.log({
				message: "request",
				method: request.method,
				path: request.url,
				status: response.statusCode,
				durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
				requestId: request.headers["x-request-id"] ?? null,
				isComplete: response.writableFinished,
			});
		});
		send(response, answer(request, options));
	});
}

function answer(request: IncomingMessage, options: Options): Answer {
	const url = new URL(request.url ?? "/", "http://service");
	if (request.method !== "GET" && request.method !== "HEAD") {
		return { status: 405, body: { error: `${request.method} is not supported: this service only reads.` } };
	}
	if (url.pathname === "/healthz") return { status: 200, body: { status: "ok" } };
	if (url.pathname === "/") {
		return { status: 200, body: { service: "quotes", version: options.version, instance: options.instance } };
	}
	if (url.pathname === "/quotes") return { status: 200, body: { quotes: findQuotes(url.searchParams.get("author")) } };
	if (url.pathname === "/quotes/today") return { status: 200, body: quoteOfTheDay(options.now()) };
	const id = /^\/quotes\/([1-9][0-9]{0,8})$/.exec(url.pathname)?.[1];
	const quote = id ? findQuote(Number(id)) : null;
	if (quote) return { status: 200, body: quote };
	return { status: 404, body: { error: `There is nothing at ${url.pathname}: try /quotes or /quotes/today.` } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
	const text = `${JSON.stringify(body)}\n`;
	response.writeHead(status, { "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(text) });
	response.end(text);
}
