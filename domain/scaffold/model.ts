/** In this order. */
export const scaffoldSteps = ["name", "repository", "commit", "push", "pipeline", "rollout", "open"] as const;
export type ScaffoldStepName = (typeof scaffoldSteps)[number];

export type ScaffoldStepState = "pending" | "running" | "done" | "failed" | "cancelled";

/** `waiting`: it needs a person, says what for, and goes on by itself when that was done. */
export type ScaffoldState = "running" | "waiting" | "done" | "failed" | "cancelled";

export function hasEnded(state: ScaffoldState): boolean {
	return state === "done" || state === "failed" || state === "cancelled";
}
