import { AppError } from "@/domain/errors";

/** Something wrong at a place of a manifest; line and column count from 1. */
export interface ManifestProblem {
	readonly file: string;
	readonly line: number;
	readonly column: number;
	readonly message: string;
}

/** `sluice.yaml:12:3: unknown key "replica"; did you mean "replicas"?`, one line a problem. */
export function manifestError(problems: readonly ManifestProblem[]): AppError {
	const lines = problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
	return new AppError("invalid", lines.join("\n"), { details: { problems } });
}
