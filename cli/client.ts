import { createTRPCClient, httpBatchLink, TRPCClientError } from "@trpc/client";
import superjson from "superjson";
import { readInstallation, readSecret } from "@/adapters/installation/read";
import { AppError, type ErrorCode, errorCodes } from "@/domain/errors";
import { pathsOf, portOf } from "@/domain/installation";
import type { AppRouter } from "@/server/trpc/router";

export type Client = ReturnType<typeof createClient>;

/** SLUICE_URL and SLUICE_TOKEN name another portal and token. */
function accessOf(home: string): { portal: string; headers: { authorization: string } } {
	const portal = process.env.SLUICE_URL ?? `http://127.0.0.1:${portOf(readInstallation(home).portBase, "portal")}`;
	const token = process.env.SLUICE_TOKEN ?? readSecret(pathsOf(home).apiToken);
	return { portal, headers: { authorization: `Bearer ${token}` } };
}

/** The portal, as this machine's administrator. */
export function createClient(home: string) {
	const { portal, headers } = accessOf(home);
	return createTRPCClient<AppRouter>({
		links: [httpBatchLink({ url: `${portal}/api/trpc`, transformer: superjson, headers })],
	});
}

/** A file that the portal sends, piece by piece. Throws what the portal answered instead, or `unavailable`. */
export async function downloadFrom(home: string, path: string): Promise<AsyncIterable<Uint8Array>> {
	const { portal, headers } = accessOf(home);
	const answer = await fetch(`${portal}${path}`, { headers }).catch((cause: unknown) => {
		throw new AppError("unavailable", "The portal does not answer: `sluice status` shows what runs.", { cause });
	});
	if (answer.ok && answer.body) return answer.body;
	const body: unknown = await answer.json().catch(() => null);
	const { code, message } = (body ?? {}) as { code?: unknown; message?: unknown };
	const appCode = typeof code === "string" && Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : "unavailable";
	throw new AppError(appCode, typeof message === "string" ? message : `The portal answered ${answer.status}.`);
}

/** What the portal answered, as our own error: its sentence, not a stack. */
export function toAppError(error: unknown): unknown {
	if (!(error instanceof TRPCClientError)) return error;
	const data: unknown = error.data;
	if (typeof data === "object" && data !== null)
		return new AppError(codeIn(data), error.message, { cause: error, details: detailsIn(data) });
	return new AppError("unavailable", `The portal does not answer (${error.message}): \`sluice status\` shows what runs.`, {
		cause: error,
	});
}

/** Our own code if the portal sent one; a body that it could not read has only tRPC's. */
function codeIn(data: object): ErrorCode {
	const appCode = "appCode" in data ? data.appCode : null;
	if (typeof appCode === "string" && Object.hasOwn(errorCodes, appCode)) return appCode as ErrorCode;
	return "code" in data && data.code === "INTERNAL_SERVER_ERROR" ? "internal" : "invalid";
}

function detailsIn(data: object): Record<string, unknown> {
	const details = "details" in data ? data.details : null;
	return typeof details === "object" && details !== null ? { ...details } : {};
}

/** Server-sent changes of `/api/live/<path>`, until the connection ends. Throws with the portal's sentence when it refuses. */
export async function* followLive<T>(home: string, path: string): AsyncGenerator<T> {
	const decoder = new TextDecoder();
	let rest = "";
	for await (const chunk of await downloadFrom(home, `/api/live/${path}`)) {
		const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
		rest = parts.pop() ?? "";
		for (const part of parts) {
			const data = part.split("\n").find((line) => line.startsWith("data: "));
			if (data) yield superjson.parse<T>(data.slice("data: ".length));
		}
	}
}
