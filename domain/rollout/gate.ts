import type { CanaryStep } from "@/domain/manifest/model";
import { hasRole, type Role } from "@/domain/roles";
import { endedStates, type RolloutKind, type RolloutState } from "@/domain/rollout/model";

export const rolloutVerbs = [
	"approve",
	"reject",
	"edit",
	"promote",
	"promote-full",
	"pause",
	"resume",
	"abort",
	"retry",
	"rollback",
] as const;
export type RolloutVerb = (typeof rolloutVerbs)[number];

/** What the verbs of a rollout are judged by. */
export interface RolloutFacts {
	readonly number: number;
	readonly kind: RolloutKind;
	readonly state: RolloutState;
	readonly requested: string | null;
	readonly pausedBy: string | null;
	/** The step it is in; null = none is left. */
	readonly step: CanaryStep | null;
	/** Nothing was moved here by another rollout after it. */
	readonly isNewest: boolean;
	/** What it brought serves here now. */
	readonly isServing: boolean;
	/** The least role of who approves; null = nobody is asked. */
	readonly approvalRole: Role | null;
	readonly authorIds: readonly string[];
	/** Ids of people who have said a word on the present intent. */
	readonly decidedIds: readonly string[];
	/** Its environment was frozen after it was asked for, and is: the sentence. Left out = it is not. */
	readonly frozen?: string | null;
}

/** Why this verb is not allowed now, as a sentence; null = allowed. UI, CLI, API and the services ask this one function. */
export function whyNotVerb(
	verb: RolloutVerb,
	rollout: RolloutFacts,
	actor: { readonly id: string; readonly name: string; readonly role: Role },
): string | null {
	switch (verb) {
		case "approve":
		case "reject":
			return whyNotDecide(verb, rollout, actor);
		case "edit":
			return rollout.state === "awaiting-approval"
				? null
				: `Rollout ${rollout.number} is ${rollout.state}: its plan can be edited only while it awaits approval.`;
		case "promote":
		case "promote-full":
			return whyNotPromote(rollout);
		case "pause":
			if (rollout.pausedBy) return `Rollout ${rollout.number} is paused already, by ${rollout.pausedBy}.`;
			return whyNotMoving(rollout);
		case "resume":
			return rollout.pausedBy && rollout.state === "running" ? null : `Rollout ${rollout.number} is not paused.`;
		case "abort":
			return whyNotAbort(rollout);
		case "retry":
			return whyNotRetry(rollout);
		case "rollback":
			if (rollout.state === "promoted" && rollout.isServing) return null;
			return rollout.state === "promoted"
				? `What rollout ${rollout.number} brought does not serve here any more: deploy the release you want.`
				: `Rollout ${rollout.number} is ${rollout.state}: only what was promoted can be rolled back; abort what still moves.`;
	}
}

function whyNotDecide(
	verb: "approve" | "reject",
	rollout: RolloutFacts,
	actor: { id: string; name: string; role: Role },
): string | null {
	if (rollout.state !== "awaiting-approval" || rollout.approvalRole === null)
		return `Rollout ${rollout.number} does not await approval: it is ${rollout.state}.`;
	if (rollout.requested === "abort") return `Rollout ${rollout.number} was withdrawn.`;
	if (verb === "approve" && rollout.frozen) return `${rollout.frozen} It can be approved when the freeze is over.`;
	if (verb === "approve" && rollout.authorIds.includes(actor.id))
		return `${actor.name} made this change: another person approves it.`;
	if (!hasRole(actor, rollout.approvalRole))
		return `This needs the role ${rollout.approvalRole}; ${actor.name} is ${actor.role}. An administrator can change that.`;
	if (rollout.decidedIds.includes(actor.id)) return `${actor.name} has decided on rollout ${rollout.number} already.`;
	return null;
}

function whyNotMoving({ number, state, requested }: RolloutFacts): string | null {
	if (endedStates.includes(state)) return `Rollout ${number} has ended (${state}): start a new one instead.`;
	if (state === "rolling-back" || state === "waiting") return `Rollout ${number} is going back.`;
	if (state === "awaiting-approval" || state === "queued") return `Rollout ${number} has not begun to move: it is ${state}.`;
	return requested === "abort" ? `Rollout ${number} is asked to abort.` : null;
}

function whyNotPromote(rollout: RolloutFacts): string | null {
	const refusal = whyNotMoving(rollout);
	if (refusal) return refusal;
	return rollout.step === null ? `Rollout ${rollout.number} has no step left: all traffic is on its way already.` : null;
}

function whyNotAbort({ number, state, requested }: RolloutFacts): string | null {
	if (endedStates.includes(state)) return `Rollout ${number} has ended (${state}): start a new one instead.`;
	if (state === "rolling-back" || state === "waiting") return `Rollout ${number} is already going back.`;
	return requested === "abort" ? `Rollout ${number} is already asked to abort.` : null;
}

function whyNotRetry({ number, state, isNewest }: RolloutFacts): string | null {
	if (!endedStates.includes(state)) return `Rollout ${number} has not ended: it is ${state}.`;
	if (state === "promoted") return `Rollout ${number} was promoted: there is nothing to try again.`;
	return isNewest ? null : `Rollout ${number} is not the newest here: deploy the release you want instead.`;
}
