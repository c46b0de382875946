import { TRPCError } from "@trpc/server";
import { AppError, messageOf } from "@/domain/errors";
import type { Actor } from "@/domain/roles";
import { authenticate } from "@/server/auth";
import type { Deps } from "@/server/deps";
import type { Portal } from "@/server/portal";
import { openApiDocument } from "@/server/rest/document";
import { eventsOf, followEvents } from "@/server/rest/events";
import { gather, readBody } from "@/server/rest/input";
import { type Answer, answerOnce, callerOf, keyIn } from "@/server/rest/once";
import type { Pages, Procedure } from "@/server/rest/operations";
import { problemResponse, Refusal, refusalOf } from "@/server/rest/problem";
import { findRoute, type Route } from "@/server/rest/routes";
import { inputOf } from "@/server/rest/schema";
import { isForged } from "@/server/trpc/handler";
import { appRouter } from "@/server/trpc/router";

const restRoot = "/api/v1";

/** /api/v1/*: each request is a call of one procedure, so permission, checks, audit and words are those of the pages. */
export async function handleRest(portal: Portal, request: Request): Promise<Response> {
	const { log, env } = portal.deps;
	const { pathname } = new URL(request.url);
	try {
		return await answer(portal, request, pathname.slice(restRoot.length));
	} catch (error) {
		if (refusalOf(error) === null && !(error instanceof TRPCError)) {
			log.error({ path: pathname, error: messageOf(error) }, "a request could not be answered");
		}
		return problemResponse(error, env.portalUrl, pathname);
	}
}

async function answer(portal: Portal, request: Request, path: string): Promise<Response> {
	const { deps, auth } = portal;
	const method = request.method === "HEAD" ? "GET" : request.method;
	if (method === "GET" && path === "/openapi.json") return Response.json(openApiDocument(deps.env.portalUrl));
	if (method !== "GET" && isForged(request, deps.env.portalUrl)) {
		throw new AppError("forbidden", "This request comes from another site: give an API token, as Authorization: Bearer.");
	}
	const actor = await authenticate(auth, deps.database, request.headers);
	if (!actor) {
		throw new Refusal("unauthenticated", "Give a valid API token, as Authorization: Bearer.", { "www-authenticate": "Bearer" });
	}
	const events = method === "GET" ? eventsOf(path) : null;
	if (events) return followEvents(portal, request, actor, events);
	const route = findRoute(method, path);
	const url = new URL(request.url);
	const hasBody = method !== "GET" && method !== "DELETE";
	const body = hasBody ? await readBody(request) : {};
	const input = gather(inputOf(route.procedure), route.parameters, hasBody ? noQuery(url) : url.searchParams, body);
	const key = request.headers.get("idempotency-key");
	if (method === "GET" || key === null) return responseOf(route, await run(deps, actor, route, input), url, {});
	const { longestMs } = route.operation;
	const asked = { caller: callerOf(actor), key: keyIn(key), request: `${method} ${path}\n${canonical(input)}`, longestMs };
	const { isReplayed, ...kept } = await answerOnce(deps, asked, (database) => run({ ...deps, database }, actor, route, input));
	return responseOf(route, kept, url, isReplayed ? { "idempotency-replayed": "true" } : {});
}

/** What a change says is in its body: a word in the query would be overlooked. */
function noQuery(url: URL): null {
	if ([...url.searchParams.keys()].length === 0) return null;
	throw new AppError("invalid", "A change takes its input in the body: the query has to be empty.");
}

async function run(deps: Deps, actor: Actor, { procedure, operation }: Route, input: unknown): Promise<Answer> {
	const output = await call(deps, actor, procedure, input);
	return { status: operation.status ?? 200, body: JSON.stringify(output ?? null) };
}

function call(deps: Deps, actor: Actor, procedure: Procedure, input: unknown): Promise<unknown> {
	const caller = appRouter.createCaller({ deps, actor });
	const [noun = "", verb = ""] = procedure.split(".");
	const group = caller[noun as keyof typeof caller] as unknown as Record<string, (input: unknown) => Promise<unknown>>;
	const asked = group[verb];
	if (!asked) throw new AppError("not-found", `There is no procedure ${procedure}.`);
	return asked(input);
}

function responseOf({ operation }: Route, { status, body }: Answer, url: URL, more: Readonly<Record<string, string>>): Response {
	const headers = { "content-type": "application/json", "cache-control": "no-store", ...linkOf(operation.pages, body, url) };
	return new Response(body, { status, headers: { ...headers, ...more } });
}

/** As many as a list has unless it is told. */
const usualLimit = 50;

/** RFC 8288: where the page after this one is. */
function linkOf(pages: Pages | undefined, body: string, url: URL): Record<string, string> {
	const next = pages?.next(JSON.parse(body), Number(url.searchParams.get("limit") ?? usualLimit)) ?? null;
	if (!pages || next === null) return {};
	const after = new URLSearchParams(url.searchParams);
	after.set(pages.input, next);
	return { link: `<${url.pathname}?${after}>; rel="next"` };
}

/** The same input is the same text, in whatever order it was written. */
function canonical(value: unknown): string {
	return JSON.stringify(value, (_, inner: unknown) =>
		typeof inner === "object" && inner !== null && !Array.isArray(inner)
			? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
			: inner,
	);
}
