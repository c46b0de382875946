import { hasEnded, type ScaffoldState } from "@/domain/scaffold/model";

/**
 * Why this run may not be cancelled, as a sentence; null = it may, and nothing of it stays. Pages and the verb ask the
 * same. From the first rollout on there is something that runs, which an abort ends and no cancel.
 */
export function whyNotCancel(scaffold: {
	readonly name: string;
	readonly state: ScaffoldState;
	readonly cancelRequestedBy: string | null;
	/** Of the service, ever. */
	readonly rollouts: number;
}): string | null {
	if (hasEnded(scaffold.state)) return `It has ended: ${scaffold.state}.`;
	if (scaffold.cancelRequestedBy !== null) return `${scaffold.cancelRequestedBy} has asked to cancel it already.`;
	if (scaffold.rollouts > 0) {
		return `${scaffold.name} has been deployed: abort its rollout, or keep it; a deployed service is not taken away by a cancel.`;
	}
	return null;
}
