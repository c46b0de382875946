export type WebhookStanding = "active" | "failing" | "disabled";

/** A receiver that is restarted fails for a moment; one that fails for longer is shown. */
const failingAfterMs = 10 * 60_000;

export function standingOf(
	webhook: { readonly disabledAt: Date | null; readonly failingSince: Date | null },
	now: number,
): WebhookStanding {
	if (webhook.disabledAt !== null) return "disabled";
	const since = webhook.failingSince?.getTime() ?? now;
	return now - since >= failingAfterMs ? "failing" : "active";
}

/** waiting = a try is under way or comes; ignored = received, and nothing was to be done. */
export const deliveryStates = ["waiting", "delivered", "given-up", "ignored"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** Both secrets are good for this long after a rotation. */
export const rotationMs = 24 * 60 * 60_000;
