import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "@/domain/errors";
import { sendError, sendJson } from "@/server/relay/body";
import { config } from "@/server/relay/config";
import type { HostRequest, RelayContext } from "@/server/relay/context";
import { desired, traffic } from "@/server/relay/documents";
import { identify } from "@/server/relay/identity";
import { join, renew } from "@/server/relay/join";
import { logs } from "@/server/relay/logs";
import { measurements } from "@/server/relay/measurements";
import { registry } from "@/server/relay/registry";
import { report } from "@/server/relay/report";
import { answersNow } from "@/server/store/client";

type HostRoute = (context: RelayContext, request: HostRequest) => Promise<void>;

const hostRoutes: Readonly<Record<string, HostRoute>> = {
	"POST /v1/renew": renew,
	"GET /v1/hints": (context, request) => context.hints.open(request),
	"GET /v1/desired": desired,
	"GET /v1/config": config,
	"GET /v1/traffic": traffic,
	"POST /v1/report": report,
	"POST /v1/measurements": measurements,
	"POST /v1/logs": logs,
};

/**
 * Every request to the relay. Only join and health are open to a client without a host's certificate; all else, known
 * or unknown, is refused before its path is even looked at.
 */
export async function answer(context: RelayContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
	try {
		await route(context, request, response);
	} catch (error) {
		if (response.destroyed) return;
		if (!(error instanceof AppError)) context.log.warn({ url: request.url, error }, "request failed");
		sendError(response, error instanceof AppError ? error : await nameOf(context, error));
	}
}

async function route(context: RelayContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const path = (request.url ?? "/").split("?")[0] ?? "/";
	const verb = `${request.method} ${path}`;
	if (verb === "GET /v1/health") return sendJson(response, 200, { installation: context.installation });
	if (verb === "POST /v1/join") return join(context, request, response);
	const identity = await identify(request, context.database);
	const isImage = (request.method === "GET" || request.method === "HEAD") && path.startsWith("/v2/");
	const handle = isImage ? registry : Object.hasOwn(hostRoutes, verb) ? hostRoutes[verb] : undefined;
	if (!handle) throw new AppError("not-found", `The relay has no ${verb}.`);
	await handle(context, { ...identity, request, response });
}

/** What was thrown without a sentence is Postgres being away, if it is; else a defect of ours, and told as that. */
async function nameOf(context: RelayContext, cause: unknown): Promise<AppError> {
	if (await answersNow(context.database)) return new AppError("internal", "The relay failed; its log says why.", { cause });
	return new AppError("unavailable", "The control plane's database does not answer: keep what you have and try again.", {
		cause,
	});
}
