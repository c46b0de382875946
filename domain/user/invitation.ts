/** Time enough for a holiday; then ask again. */
export const invitationDays = 7;

export interface InvitationFacts {
	readonly expiresAt: Date;
	readonly usedAt: Date | null;
	readonly revokedAt: Date | null;
}

export type InvitationState = "open" | "used" | "revoked" | "expired";

/** What counts first is what a person did. */
export function invitationState(invitation: InvitationFacts, now: Date): InvitationState {
	if (invitation.usedAt !== null) return "used";
	if (invitation.revokedAt !== null) return "revoked";
	return invitation.expiresAt.getTime() <= now.getTime() ? "expired" : "open";
}

/** Why it lets nobody in any more, as a sentence; null = it does. */
export function whyNotAccept(invitation: InvitationFacts | null, now: Date): string | null {
	if (!invitation) return "This invitation is not known here: copy the whole link, or ask for a new one.";
	switch (invitationState(invitation, now)) {
		case "open":
			return null;
		case "used":
			return "This invitation was used already: sign in with the password that was set, or ask for a new one.";
		case "revoked":
			return "This invitation was taken back: ask an administrator for a new one.";
		case "expired":
			return `This invitation is older than ${invitationDays} days: ask an administrator for a new one.`;
	}
}
