import type { CanaryStep } from "@/domain/manifest/model";
import { readStep, stepValue } from "@/domain/rollout/step-words";

/** A step as it is typed: weight in %, pause as `20s` or nothing for "until a person promotes", number of measurements. */
export interface StepDraft {
	readonly key: number;
	readonly kind: CanaryStep["kind"];
	readonly value: string;
}

/** What cannot be read is named by its kind; the text says how it should be. */
export type DraftProblem = CanaryStep["kind"];

export function draftsOf(steps: readonly CanaryStep[]): StepDraft[] {
	return steps.map((step, key) => ({ key, kind: step.kind, value: stepValue(step) }));
}

/** null = it can be read. */
export function problemOf(draft: StepDraft): DraftProblem | null {
	return readStep(draft.kind, draft.value) === null ? draft.kind : null;
}

/** null while one of them cannot be read. */
export function stepsOf(drafts: readonly StepDraft[]): CanaryStep[] | null {
	const steps = drafts.map(({ kind, value }) => readStep(kind, value)).filter((step) => step !== null);
	return steps.length === drafts.length ? steps : null;
}
