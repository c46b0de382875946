/** In this order; each ends passed, failed, skipped or cancelled. */
export const pipelineSteps = ["checkout", "test", "build", "push", "release", "rollout"] as const;
export type PipelineStepName = (typeof pipelineSteps)[number];

export type PipelineStepState = "pending" | "running" | "passed" | "failed" | "skipped" | "cancelled";
export type PipelineState = "queued" | "running" | "passed" | "failed" | "cancelled";

export function hasEnded(state: PipelineState): boolean {
	return state === "passed" || state === "failed" || state === "cancelled";
}

/** A pushed branch of a repository, as its pipeline needs it. */
export interface PipelineSource {
	readonly id: string;
	readonly repository: string;
	readonly number: number;
	readonly branch: string;
	readonly commit: string;
	readonly commitMessage: string;
	readonly pushedBy: string;
	/** Empty = nobody known. */
	readonly pushedById: string;
	/** Only this branch is released and rolled out. */
	readonly isDefaultBranch: boolean;
}

/** The environment a pipeline rolls out to. */
export const pipelineEnvironment = "staging";
