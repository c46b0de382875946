import { type Role, roles } from "@/domain/roles";

/** A year: one who wants longer makes a new one. */
export const longestTokenDays = 365;

/** Why a token with this role may not be made, as a sentence; null = it may. A token is never more than its maker. */
export function whyNotToken(actor: { readonly role: Role }, role: Role): string | null {
	if (roles.indexOf(role) <= roles.indexOf(actor.role)) return null;
	return `A token has at most your own role: you are ${actor.role}, not ${role}.`;
}
