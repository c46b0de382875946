import { AppError, errorCodes } from "@/domain/errors";
import { allow } from "@/domain/policy/gate";
import { nowhere, type Target } from "@/domain/policy/scope";
import type { Actor } from "@/domain/roles";
import { authenticate } from "@/server/auth";
import { openSource } from "@/server/live/sources";
import { type LiveSource, liveStream } from "@/server/live/stream";
import type { Portal } from "@/server/portal";

/** Who may follow is asked again so often while a page is open: an account that was ended or lowered stops following. */
const askAgainMs = 5_000;

/** GET /api/live/...: through the same gate as every procedure. */
export async function handleLive(portal: Portal, request: Request, path: readonly string[]): Promise<Response> {
	const { deps, auth, hub } = portal;
	try {
		const actor = allow(await authenticate(auth, deps.database, request.headers), "live.follow", targetAt(path));
		const url = new URL(request.url);
		const after = Number(request.headers.get("last-event-id") ?? url.searchParams.get("after") ?? 0);
		const source = await openSource(deps, actor, path, Number.isSafeInteger(after) && after > 0 ? after : 0);
		const { watched, signal } = stillAllowed(portal, request, actor, source);
		return liveStream(hub, watched, signal, deps.log);
	} catch (error) {
		if (!(error instanceof AppError)) throw error;
		return Response.json({ code: error.code, message: error.message }, { status: errorCodes[error.code].http });
	}
}

/** What a token that is limited may not follow. */
function targetAt([kind, service, environment]: readonly string[]): Target {
	return kind === "rollout" || kind === "log" ? { service: service ?? null, environment: environment ?? null } : nowhere;
}

/** The source until its reader may not read it any more, and the signal that ends it then or when the reader goes. */
export function stillAllowed(
	{ deps, auth }: Portal,
	request: Request,
	actor: Actor,
	source: LiveSource,
): { watched: LiveSource; signal: AbortSignal } {
	const ending = new AbortController();
	const isStill = async (): Promise<boolean> => {
		const now = await authenticate(auth, deps.database, request.headers);
		return now?.id === actor.id && now.role === actor.role;
	};
	const watched = whileAllowed(source, isStill, () => ending.abort());
	return { watched, signal: AbortSignal.any([request.signal, ending.signal]) };
}

/** The source, until its reader may not read it any more. A reader whose role has changed opens it anew. */
function whileAllowed(source: LiveSource, isStill: () => Promise<boolean>, end: () => void): LiveSource {
	let askedAt = Date.now();
	return {
		isConcerned: (...notice) => source.isConcerned(...notice),
		async read() {
			if (Date.now() - askedAt >= askAgainMs) {
				askedAt = Date.now();
				if (!(await isStill())) {
					end();
					return [];
				}
			}
			return source.read();
		},
	};
}
