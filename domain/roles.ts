import type { TokenLimits } from "@/domain/policy/scope";

/** Each role includes the ones before it. An approver may do all a developer may, and approve. */
export const roles = ["viewer", "developer", "approver", "operator", "admin"] as const;
export type Role = (typeof roles)[number];

/** The API token that speaks for its user. */
export interface ActorToken {
	readonly id: string;
	readonly limits: TokenLimits;
}

/** Who does something: a person or an API token (both have a role), or Sluice itself. */
export interface Actor {
	readonly kind: "user" | "token" | "system";
	readonly id: string;
	readonly name: string;
	readonly role: Role;
	/** Of kind `token` only. */
	readonly token?: ActorToken | undefined;
}

export const systemActor: Actor = { kind: "system", id: "sluice", name: "sluice", role: "admin" };

export function hasRole(actor: Pick<Actor, "role">, needed: Role): boolean {
	return roles.indexOf(actor.role) >= roles.indexOf(needed);
}

export function isRole(text: string): text is Role {
	return (roles as readonly string[]).includes(text);
}

/** The lower of two roles. */
export function lowerRole(one: Role, other: Role): Role {
	return roles.indexOf(one) <= roles.indexOf(other) ? one : other;
}
