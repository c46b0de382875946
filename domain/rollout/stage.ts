import type { CanaryStep } from "@/domain/manifest/model";
import type { RolloutPlan } from "@/domain/rollout/model";
import type { RolloutObservation } from "@/domain/rollout/observation";

/** How far a rollout going forward may go now. */
export interface Stage {
	/** null = all steps are taken, or there were none. */
	readonly step: CanaryStep | null;
	/** The candidate's share allowed now, 0 to 100. */
	readonly cap: number;
	/** Has it steps at all: then weights are the plan's, not the count's. */
	readonly isStepped: boolean;
}

export function stageOf(plan: RolloutPlan, observation: Pick<RolloutObservation, "step">): Stage {
	const step = plan.steps[observation.step] ?? null;
	const isStepped = plan.steps.length > 0;
	return { step, cap: step === null ? 100 : capAt(plan.steps, observation.step), isStepped };
}

/** How many instances of the candidate a share asks for, of those that its manifest declares. */
export function countAt(declared: number, share: number): number {
	return share < 100 ? Math.max(1, Math.ceil((declared * share) / 100)) : declared;
}

/** The weight that the last weight step up to here has set; 0 = none has. */
export function capAt(steps: readonly CanaryStep[], index: number): number {
	return steps.slice(0, index + 1).reduce((cap, step) => (step.kind === "weight" ? step.weight : cap), 0);
}
