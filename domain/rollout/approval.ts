import type { Action } from "@/domain/rollout/action";
import type { RolloutPlan } from "@/domain/rollout/model";
import type { RolloutObservation } from "@/domain/rollout/observation";

/** Before anything moves: who is asked, and what they said. null = nobody is asked (any more). */
export function awaitApproval(plan: RolloutPlan, observation: RolloutObservation): Action | null {
	const { approval, abort, now } = observation;
	if (observation.state !== "awaiting-approval") return null;
	if (abort) return reject(`withdrawn by ${abort.by}: ${abort.reason}`);
	// What was asked for may have been edited so that nobody needs to be asked.
	if (!plan.approval || !approval) return { kind: "begin" };
	if (approval.rejected) return reject(`rejected by ${approval.rejected.by}: ${approval.rejected.reason}`);
	if (approval.approvedBy.length >= plan.approval.count) return { kind: "begin" };
	if (now >= approval.expiresAt) return reject(`nobody decided in time: ${missing(plan, observation)}`);
	return { kind: "wait", for: missing(plan, observation), until: approval.expiresAt, alarm: null };
}

function reject(reason: string): Action {
	return { kind: "finish", state: "rejected", reason };
}

/** "0 of 1 approvals by an approver" */
function missing(plan: RolloutPlan, observation: RolloutObservation): string {
	const { count = 0, role = "" } = plan.approval ?? {};
	return `${observation.approval?.approvedBy.length ?? 0} of ${count} approvals by the role ${role}`;
}
