import { AppError, errorCodes } from "@/domain/errors";
import { allow } from "@/domain/policy/gate";
import { authenticate } from "@/server/auth";
import { openSource } from "@/server/live/sources";
import { type LiveSource, liveStream } from "@/server/live/stream";
import type { Portal } from "@/server/portal";

/** Who may follow is asked again so often while a page is open: an account that was ended or lowered stops following. */
const askAgainMs = 5_000;

/** GET /api/live/...: through the same gate as every procedure. */
export async function handleLive({ deps, auth, hub }: Portal, request: Request, path: readonly string[]): Promise<Response> {
	try {
		const actor = allow(await authenticate(auth, deps.database, request.headers), "live.follow");
		const url = new URL(request.url);
		const after = Number(request.headers.get("last-event-id") ?? url.searchParams.get("after") ?? 0);
		const source = await openSource(deps, actor, path, Number.isSafeInteger(after) && after > 0 ? after : 0);
		const ending = new AbortController();
		const isStill = async (): Promise<boolean> => {
			const now = await authenticate(auth, deps.database, request.headers);
			return now?.id === actor.id && now.role === actor.role;
		};
		const watched = whileAllowed(source, isStill, () => ending.abort());
		return liveStream(hub, watched, AbortSignal.any([request.signal, ending.signal]), deps.log);
	} catch (error) {
		if (!(error instanceof AppError)) throw error;
		return Response.json({ code: error.code, message: error.message }, { status: errorCodes[error.code].http });
	}
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
