import http from "node:http";
import { pipeline } from "node:stream";
import type { Log } from "@/adapters/log/log";
import { messageOf } from "@/domain/errors";
import type { RelayClient } from "./relay/client";

const passed = ["accept", "range", "if-none-match"] as const;

/** The registry as this host's engine sees it: on 127.0.0.1, read only, through the relay. */
export function startForwarder(port: number, relay: RelayClient, log: Log): http.Server {
	const server = http.createServer((request, response) => {
		forward(relay, request, response).catch((error: unknown) => {
			log.warn({ path: request.url, error: messageOf(error) }, "a pull could not be forwarded");
			if (response.headersSent) response.destroy();
			else response.writeHead(502, { "content-type": "text/plain" }).end(`${messageOf(error)}\n`);
		});
	});
	server.on("error", (error) => {
		log.error({ port, error: error.message }, "images cannot be pulled: the forwarder's port cannot be opened; trying again");
		setTimeout(() => server.listen(port, "127.0.0.1"), 2_000).unref();
	});
	server.listen(port, "127.0.0.1");
	return server;
}

async function forward(relay: RelayClient, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
	const { method, url = "/" } = request;
	if ((method !== "GET" && method !== "HEAD") || !/^\/v2(\/|$)/.test(url)) {
		response.writeHead(405, { allow: "GET, HEAD" }).end();
		return;
	}
	const headers = Object.fromEntries(passed.flatMap((name) => (request.headers[name] ? [[name, request.headers[name]]] : [])));
	const gone = new AbortController();
	response.on("close", () => gone.abort());
	const answer = await relay.open({ method, path: url, headers, timeoutMs: 60_000, signal: gone.signal });
	response.writeHead(answer.statusCode ?? 502, answer.headers);
	await new Promise<void>((resolve) => {
		pipeline(answer, response, (error) => {
			if (error) response.destroy();
			resolve();
		});
	});
}
