import { createTRPCClient, httpBatchLink, TRPCClientError } from "@trpc/client";
import superjson from "superjson";
import { readInstallation, readSecret } from "@/adapters/installation/read";
import { AppError, type ErrorCode, errorCodes } from "@/domain/errors";
import { pathsOf, portOf } from "@/domain/installation";
import type { AppRouter } from "@/server/trpc/router";

export type Client = ReturnType<typeof createClient>;

/** The portal, as this machine's administrator; SLUICE_URL and SLUICE_TOKEN name another portal and token. */
export function createClient(home: string) {
	const portal = process.env.SLUICE_URL ?? `http://127.0.0.1:${portOf(readInstallation(home).portBase, "portal")}`;
	const token = process.env.SLUICE_TOKEN ?? readSecret(pathsOf(home).apiToken);
	return createTRPCClient<AppRouter>({
		links: [httpBatchLink({ url: `${portal}/api/trpc`, transformer: superjson, headers: { authorization: `Bearer ${token}` } })],
	});
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
