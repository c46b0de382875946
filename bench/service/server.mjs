/**
 * The service that the rollout bench releases: answers at once, holds `/slow?ms=` requests, keeps `/stream?ms=`
 * WebSockets open for that long and closes them with a close frame. It exits AT ONCE on SIGTERM, on purpose:
 * whatever is lost then was lost by the platform.
 */
import http from "node:http";
import { WebSocketServer } from "ws";

/** This share of its requests, health checks apart, it answers with 500: a bad version that looks well. */
const failShare = Number(process.env.FAIL_SHARE ?? 0);
const release = process.env.RELEASE ?? "unknown";
const server = http.createServer((request, response) => {
	const url = new URL(request.url ?? "/", "http://service");
	response.setHeader("x-release", release);
	if (url.pathname === "/slow") {
		setTimeout(() => response.end("slow\n"), bounded(url));
		return;
	}
	if (url.pathname !== "/healthz" && Math.random() < failShare) response.statusCode = 500;
	response.end(url.pathname === "/healthz" ? "ok\n" : `release ${release}\n`);
});
server.keepAliveTimeout = 60_000;

const streams = new WebSocketServer({ server, path: "/stream" });
streams.on("headers", (headers) => headers.push(`x-release: ${release}`));
streams.on("connection", (socket, request) => {
	const beat = setInterval(() => socket.send("beat"), 250);
	const end = setTimeout(() => socket.close(1000, "done"), bounded(new URL(request.url ?? "/", "http://service")));
	socket.on("close", () => {
		clearInterval(beat);
		clearTimeout(end);
	});
});

function bounded(url) {
	return Math.min(Math.max(Number(url.searchParams.get("ms")) || 0, 0), 60_000);
}

process.on("SIGTERM", () => process.exit(0));
server.listen(Number(process.env.PORT ?? 8080));
