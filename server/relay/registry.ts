import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { pipeline } from "node:stream/promises";
import { AppError } from "@/domain/errors";
import type { HostRequest, RelayContext } from "@/server/relay/context";

const forwarded = ["accept", "range", "if-none-match", "if-modified-since", "user-agent"];
const returned = [
	"content-type",
	"content-length",
	"content-range",
	"accept-ranges",
	"etag",
	"docker-content-digest",
	"docker-distribution-api-version",
	"last-modified",
];
/** Between two pieces of an answer. */
const idleMs = 60_000;

/** GET and HEAD of /v2/: images for hosts, which cannot reach the registry themselves. Nothing can be written through here. */
export async function registry(context: RelayContext, { request, response }: HostRequest): Promise<void> {
	const [hostname, port] = context.registry.split(":");
	const upstream = httpRequest({
		hostname,
		port,
		method: request.method,
		path: request.url,
		headers: pick(request.headers, forwarded),
		timeout: idleMs,
	});
	upstream.on("timeout", () => upstream.destroy(new Error("no data for a minute")));
	response.on("close", () => upstream.destroy());
	const answer = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
		upstream.once("response", resolve);
		upstream.once("error", (cause) =>
			reject(
				new AppError("unavailable", "The image registry does not answer: try again, and look at `sluice status`.", { cause }),
			),
		);
		upstream.end();
	});
	response.writeHead(answer.statusCode ?? 502, pick(answer.headers, returned));
	await pipeline(answer, response);
}

function pick(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
	const picked: Record<string, string> = {};
	for (const name of names) {
		const value = headers[name];
		if (typeof value === "string") picked[name] = value;
	}
	return picked;
}
