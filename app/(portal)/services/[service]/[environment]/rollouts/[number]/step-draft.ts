import type { CanaryStep } from "@/domain/manifest/model";
import { millisecondsOf } from "@/domain/manifest/quantity";

/** A step as it is typed: weight in %, pause as `20s` or nothing for "until a person promotes", number of measurements. */
export interface StepDraft {
	readonly key: number;
	readonly kind: CanaryStep["kind"];
	readonly value: string;
}

/** What cannot be read is named by its kind; the text says how it should be. */
export type DraftProblem = CanaryStep["kind"];

const longestPauseMs = 86_400_000;

export function draftsOf(steps: readonly CanaryStep[]): StepDraft[] {
	return steps.map((step, key) => ({ key, kind: step.kind, value: textOf(step) }));
}

/** null = it can be read. */
export function problemOf(draft: StepDraft): DraftProblem | null {
	return read(draft) === null ? draft.kind : null;
}

/** null while one of them cannot be read. */
export function stepsOf(drafts: readonly StepDraft[]): CanaryStep[] | null {
	const steps = drafts.map(read).filter((step) => step !== null);
	return steps.length === drafts.length ? steps : null;
}

function read({ kind, value }: StepDraft): CanaryStep | null {
	const text = value.trim();
	switch (kind) {
		case "weight":
			return /^\d{1,3}(\.\d{1,2})?$/.test(text) && Number(text) <= 100 ? { kind, weight: Number(text) } : null;
		case "pause": {
			if (text === "") return { kind, durationMs: null };
			const durationMs = /^\d{1,9}(ms|s|m|h)$/.test(text) ? millisecondsOf(text) : null;
			return durationMs !== null && durationMs <= longestPauseMs ? { kind, durationMs } : null;
		}
		case "analysis":
			return /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 1_000 ? { kind, count: Number(text) } : null;
	}
}

function textOf(step: CanaryStep): string {
	switch (step.kind) {
		case "weight":
			return String(step.weight);
		case "pause":
			return step.durationMs === null ? "" : durationText(step.durationMs);
		case "analysis":
			return String(step.count);
	}
}

/** In the largest unit that says it exactly. */
function durationText(ms: number): string {
	if (ms === 0) return "0s";
	if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
	if (ms % 60_000 === 0) return `${ms / 60_000}m`;
	return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}
