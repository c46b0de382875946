import { AppError, errorCodes, messageOf } from "@/domain/errors";
import type { Portal } from "@/server/portal";
import { receiveMessage } from "@/server/services/hook-receive";

/** A push of thousands of commits is below; GitHub sends at most 25 MB, which is refused with 413. */
const bodyLimitBytes = 5 * 1024 * 1024;

/**
 * POST /api/hooks/<id>: the door for repositories elsewhere. It has no session and no token: the message's own signature
 * is what lets it in. 202 = it is written down, and a worker goes on; 200 = it came before.
 */
export async function handleHook({ deps }: Pick<Portal, "deps">, request: Request, hook: string): Promise<Response> {
	try {
		const body = await readLimited(request);
		if (body === null) return answer(413, "The message is too large.");
		const { delivery } = await receiveMessage(deps, { hook: hook.slice(0, 100), headers: request.headers, body });
		if (delivery === null) return answer(200, "This message came before: nothing is done again.");
		return answer(202, "Written down.", { delivery });
	} catch (error) {
		if (error instanceof AppError) return answer(errorCodes[error.code].http, error.message);
		deps.log.error({ hook, error: messageOf(error) }, "a message could not be received");
		return answer(500, "Something went wrong inside the portal.");
	}
}

function answer(status: number, message: string, more: Readonly<Record<string, string>> = {}): Response {
	return Response.json({ message, ...more }, { status, headers: { "cache-control": "no-store" } });
}

/** null = it is larger than may be. */
async function readLimited(request: Request): Promise<Uint8Array | null> {
	if (Number(request.headers.get("content-length") ?? 0) > bodyLimitBytes) return null;
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of request.body ?? []) {
		bytes += chunk.length;
		if (bytes > bodyLimitBytes) return null;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
