import { TRPCError } from "@trpc/server";
import type { AppError, ErrorCode } from "@/domain/errors";

const transportCodes: Readonly<Record<ErrorCode, TRPCError["code"]>> = {
	invalid: "BAD_REQUEST",
	unauthenticated: "UNAUTHORIZED",
	forbidden: "FORBIDDEN",
	"not-found": "NOT_FOUND",
	conflict: "CONFLICT",
	"not-allowed-now": "CONFLICT",
	"does-not-fit": "CONFLICT",
	"too-many": "TOO_MANY_REQUESTS",
	unavailable: "SERVICE_UNAVAILABLE",
	timeout: "GATEWAY_TIMEOUT",
	internal: "INTERNAL_SERVER_ERROR",
};

/** One of the two translators of our errors; the other is Temporal's. */
export function toTransport(error: AppError): TRPCError {
	return new TRPCError({ code: transportCodes[error.code], message: error.message, cause: error });
}
