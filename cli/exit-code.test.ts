import { TRPCClientError } from "@trpc/client";
import { expect, test } from "vitest";
import { AppError, errorCodes } from "@/domain/errors";
import { toAppError } from "./client";
import { exitCodeHelp, exitCodeOf } from "./exit-code";

function refused(data: object): unknown {
	const shape = { error: { code: -32600, message: "a sentence", data } };
	return toAppError(TRPCClientError.from(shape as never));
}

test("what the portal refuses keeps its own code, so a script can tell refusals apart", () => {
	const codes = Object.keys(errorCodes) as (keyof typeof errorCodes)[];
	for (const code of codes) {
		const error = refused({ appCode: code, code: "CONFLICT" });
		expect(error).toBeInstanceOf(AppError);
		expect(error).toMatchObject({ code, message: "a sentence" });
		expect(exitCodeHelp).toContain(`  ${exitCodeOf(error)}  `);
	}
	expect(exitCodeOf(refused({ appCode: "conflict" }))).not.toBe(exitCodeOf(refused({ appCode: "forbidden" })));
});

test("a code that is not ours is the input's fault, or the portal's", () => {
	expect(refused({ appCode: null, code: "BAD_REQUEST" })).toMatchObject({ code: "invalid" });
	expect(refused({ appCode: "constructor", code: "INTERNAL_SERVER_ERROR" })).toMatchObject({ code: "internal" });
	expect(toAppError(TRPCClientError.from(new Error("fetch failed")))).toMatchObject({ code: "unavailable" });
	expect(exitCodeOf(new TypeError("a defect"))).toBe(1);
});
