import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import type { Portal } from "@/server/portal";
import { createContext } from "@/server/trpc/context";
import { appRouter } from "@/server/trpc/router";

/** /api/trpc/*: a change asked for with a cookie must come from our own pages. */
export async function handleTrpc({ deps, auth }: Portal, request: Request): Promise<Response> {
	if (request.method !== "GET" && isForged(request, deps.env.portalUrl)) {
		return Response.json({ error: { message: "This request comes from another site: it is refused." } }, { status: 403 });
	}
	return fetchRequestHandler({
		endpoint: "/api/trpc",
		req: request,
		router: appRouter,
		createContext: () => createContext(deps, auth, request.headers),
	});
}

/** A browser sends its cookie with whatever a foreign page asks; a token is only sent on purpose. */
export function isForged(request: Request, portalUrl: string): boolean {
	if (request.headers.get("authorization")) return false;
	if (!request.headers.get("content-type")?.startsWith("application/json")) return true;
	const origin = request.headers.get("origin");
	const own = [portalUrl, portalUrl.replace("//localhost", "//127.0.0.1")];
	return origin === null || !own.includes(origin);
}
