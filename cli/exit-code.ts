import { AppError, type ErrorCode } from "@/domain/errors";

/** By what a script can do about it; docs/errors.md has the table. */
const exitCodes: Readonly<Record<ErrorCode, number>> = {
	internal: 1,
	invalid: 2,
	unauthenticated: 3,
	forbidden: 3,
	"not-found": 4,
	conflict: 5,
	"not-allowed-now": 5,
	"does-not-fit": 5,
	unavailable: 6,
	timeout: 6,
	"too-many": 6,
};

export const usageError = exitCodes.invalid;

export function exitCodeOf(error: unknown): number {
	return error instanceof AppError ? exitCodes[error.code] : 1;
}

/** Shown below the list of commands. */
export const exitCodeHelp = `
Ends with
  0  done
  1  failed: a defect, or a rollout, pipeline or test that was watched did not succeed
  2  the words or a file were not understood
  3  not signed in, or your role is too low
  4  there is nothing of that name
  5  not now: something else is under way, or does not fit
  6  a part does not answer: try again, \`sluice status\` shows which`;
