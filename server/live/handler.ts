import { AppError, errorCodes } from "@/domain/errors";
import { allow } from "@/domain/policy/gate";
import { authenticate } from "@/server/auth";
import { openSource } from "@/server/live/sources";
import { liveStream } from "@/server/live/stream";
import type { Portal } from "@/server/portal";

/** GET /api/live/...: through the same gate as every procedure. */
export async function handleLive({ deps, auth, hub }: Portal, request: Request, path: readonly string[]): Promise<Response> {
	try {
		const actor = allow(await authenticate(auth, deps.database, request.headers), "live.follow");
		const url = new URL(request.url);
		const after = Number(request.headers.get("last-event-id") ?? url.searchParams.get("after") ?? 0);
		const source = await openSource(deps, actor, path, Number.isSafeInteger(after) && after > 0 ? after : 0);
		return liveStream(hub, source, request.signal, deps.log);
	} catch (error) {
		if (!(error instanceof AppError)) throw error;
		return Response.json({ code: error.code, message: error.message }, { status: errorCodes[error.code].http });
	}
}
