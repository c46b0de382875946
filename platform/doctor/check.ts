import { AppError } from "@/domain/errors";

export type Verdict = "ok" | "warning" | "problem";

/** One thing that was looked at. */
export interface Check {
	readonly name: string;
	readonly verdict: Verdict;
	/** What is so, as a sentence or a part of one; never a secret. */
	readonly found: string;
	/** The command, or the sentence, that mends it; null = nothing is to be done. */
	readonly mend: string | null;
}

export function ok(name: string, found: string): Check {
	return { name, verdict: "ok", found, mend: null };
}

export function warning(name: string, found: string, mend: string): Check {
	return { name, verdict: "warning", found, mend };
}

export function problem(name: string, found: string, mend: string): Check {
	return { name, verdict: "problem", found, mend };
}

/** Our sentences say what is so, a colon, and what to do. */
export function problemIn(name: string, sentence: string): Check {
	const split = sentence.indexOf(": ");
	if (split < 0) return problem(name, sentence, "Read the sentence.");
	const mend = sentence.slice(split + 2);
	return problem(name, `${sentence.slice(0, split)}.`, `${mend.charAt(0).toUpperCase()}${mend.slice(1)}`);
}

/** The same code that `up` refuses by: what it throws is the problem. */
export async function refusal(name: string, found: string, require: () => void | Promise<void>): Promise<Check> {
	try {
		await require();
		return ok(name, found);
	} catch (error) {
		if (error instanceof AppError) return problemIn(name, error.message);
		throw error;
	}
}

export function hasProblem(checks: readonly Check[]): boolean {
	return checks.some(({ verdict }) => verdict === "problem");
}
