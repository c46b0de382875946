import { wallText } from "@/domain/freeze/wall-clock";
import type { ActiveFreeze } from "@/domain/freeze/window";
import { type Actor, hasRole } from "@/domain/roles";
import type { RolloutKind } from "@/domain/rollout/model";

/** What holds, until when and why: the same words wherever a release is kept out. */
export function frozenSentence({ environment, service, until, zone, reason }: ActiveFreeze): string {
	const what = service === null ? environment : `${service} in ${environment}`;
	return `${what} is frozen until ${wallText(zone, until.getTime())} (${zone}): ${reason.replace(/\.$/, "")}.`;
}

/** Only what brings a new release is kept out: going back, and keeping alive what runs, is always allowed. */
export function isKeptOut(kind: RolloutKind): boolean {
	return kind === "release";
}

/** Why a new release may not begin now. */
export function whyFrozen(freeze: ActiveFreeze): string {
	return `${frozenSentence(freeze)} Rolling back and trying again are allowed; an administrator can override it with a reason.`;
}

/** Why this actor may not go over a freeze, as a sentence; null = they may. A token needs the scope admin for it. */
export function whyNotOverride(actor: Pick<Actor, "name" | "role" | "token">): string | null {
	if (!hasRole(actor, "admin")) {
		return `Overriding a freeze needs the role admin; ${actor.name} is ${actor.role}. Wait for its end, or ask an administrator.`;
	}
	const scopes = actor.token?.limits.scopes ?? null;
	if (scopes === null || scopes.includes("admin")) return null;
	return `Overriding a freeze needs a token with the scope admin; this one has ${scopes.join(", ") || "none"}.`;
}
