/**
 * The one error of Sluice. `message` is for the user: what happened, to what, and what to do.
 * Vendor errors are wrapped by adapters and kept as `cause`; only two translators turn an AppError
 * into a transport's error (tRPC and Temporal's activity failure).
 */
export const errorCodes = {
	invalid: { http: 400, retryable: false, check: "the input named in the message" },
	unauthenticated: { http: 401, retryable: false, check: "sign in again, or the API token" },
	forbidden: { http: 403, retryable: false, check: "your role; an administrator can change it" },
	"not-found": { http: 404, retryable: false, check: "the name, and whether it was removed" },
	conflict: { http: 409, retryable: false, check: "what else is going on with the same thing" },
	"not-allowed-now": { http: 409, retryable: false, check: "the state named in the message" },
	"does-not-fit": { http: 409, retryable: false, check: "the capacity of the hosts" },
	"too-many": { http: 429, retryable: true, check: "whether somebody guesses; then wait" },
	unavailable: { http: 503, retryable: true, check: "`sluice status`" },
	timeout: { http: 504, retryable: true, check: "`sluice status` and the component's log" },
	internal: { http: 500, retryable: false, check: "`sluice logs` of the component" },
} as const;

export type ErrorCode = keyof typeof errorCodes;

export class AppError extends Error {
	readonly code: ErrorCode;
	/** Machine-readable facts; never a secret. */
	readonly details: Readonly<Record<string, unknown>>;

	constructor(code: ErrorCode, message: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.name = "AppError";
		this.code = code;
		this.details = options.details ?? {};
	}

	get isRetryable(): boolean {
		return errorCodes[this.code].retryable;
	}
}

/** The text of anything thrown, for a message or a log line. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
