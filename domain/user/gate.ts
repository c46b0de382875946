import type { Role } from "@/domain/roles";

interface Person {
	readonly id: string;
	readonly name: string;
	readonly role: Role;
	readonly isDisabled: boolean;
}

/** What of the others matters: how many administrators could still sign in without this person. */
export interface Others {
	readonly administrators: number;
}

/** Why this person's role may not be changed so, as a sentence; null = it may. */
export function whyNotSetRole(actor: { readonly id: string }, person: Person, role: Role, others: Others): string | null {
	if (actor.id === person.id) return "Nobody changes their own role: ask another administrator.";
	if (person.role === role) return `${person.name} is ${role} already.`;
	if (person.role === "admin" && !person.isDisabled && others.administrators === 0) return lastOne(person);
	return null;
}

/** Why this person may not be disabled, as a sentence; null = they may. */
export function whyNotDisable(actor: { readonly id: string }, person: Person, others: Others): string | null {
	if (actor.id === person.id) return "Nobody disables themselves: ask another administrator.";
	if (person.isDisabled) return `${person.name} is disabled already.`;
	if (person.role === "admin" && others.administrators === 0) return lastOne(person);
	return null;
}

export function whyNotEnable(person: Person): string | null {
	return person.isDisabled ? null : `${person.name} is not disabled.`;
}

function lastOne({ name }: Person): string {
	return `${name} is the last administrator: make another one first.`;
}
