import { TRPCError } from "@trpc/server";
import { ZodError } from "zod";
import { AppError, errorCodes } from "@/domain/errors";

/** What only this door says; docs/errors.md has them beside our own codes. */
export const restCodes = {
	"method-not-allowed": { http: 405, retryable: false, check: "the header Allow" },
	"too-large": { http: 413, retryable: false, check: "the size of the body" },
	"unsupported-media-type": { http: 415, retryable: false, check: "the header Content-Type: application/json" },
	"key-reused": { http: 422, retryable: false, check: "the header Idempotency-Key: one key is one request" },
	"request-under-way": { http: 409, retryable: true, check: "the same request, which is still being answered" },
} as const;

export type ProblemCode = keyof typeof errorCodes | keyof typeof restCodes;

/** Each code with its HTTP status: the reference lists them. */
export const problemCodes: Readonly<Record<ProblemCode, { http: number; retryable: boolean; check: string }>> = {
	...errorCodes,
	...restCodes,
};

/** A refusal of the door itself; anything behind it throws an AppError. */
export class Refusal extends Error {
	constructor(
		readonly code: ProblemCode,
		message: string,
		readonly headers: Readonly<Record<string, string>> = {},
		readonly details: Readonly<Record<string, unknown>> = {},
	) {
		super(message);
		this.name = "Refusal";
	}
}

/** RFC 9457, with our own code, whether to try again, and where the code is explained. */
export interface Problem {
	readonly type: string;
	readonly title: string;
	readonly status: number;
	readonly detail: string;
	readonly instance: string;
	readonly code: ProblemCode;
	readonly retryable: boolean;
	readonly docs: string;
	readonly details: Readonly<Record<string, unknown>>;
}

/** What was thrown as a refusal; null = a defect, of which nothing is told. */
export function refusalOf(error: unknown): Refusal | null {
	if (error instanceof Refusal) return error;
	if (error instanceof AppError) return new Refusal(error.code, error.message, {}, error.details);
	if (error instanceof ZodError) return invalid(error);
	if (!(error instanceof TRPCError)) return null;
	if (error.cause instanceof AppError || error.cause instanceof ZodError) return refusalOf(error.cause);
	return null;
}

/** Each place that is wrong, by name; never what was sent there. */
function invalid(error: ZodError): Refusal {
	const problems = error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
	const words = problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
	return new Refusal("invalid", `The input is not right: ${words.join("; ")}.`, {}, { problems });
}

const defect = new Refusal("internal", "Something went wrong inside the portal: `sluice logs portal` has the details.");

export function problemResponse(error: unknown, portalUrl: string, instance: string): Response {
	const { code, message, headers, details } = refusalOf(error) ?? defect;
	const { http: status, retryable } = problemCodes[code];
	const problem: Problem = {
		type: `${portalUrl}/reference#${code}`,
		title: titleOf(code),
		status,
		detail: message,
		instance,
		code,
		retryable,
		docs: `docs/errors.md#${code}`,
		details,
	};
	const kind = { "content-type": "application/problem+json", "cache-control": "no-store" };
	return new Response(JSON.stringify(problem), { status, headers: { ...kind, ...headers } });
}

/** `not-allowed-now` -> `Not allowed now`: the same for every occurrence, as RFC 9457 wants it. */
function titleOf(code: ProblemCode): string {
	return `${code.charAt(0).toUpperCase()}${code.slice(1).replaceAll("-", " ")}`;
}
