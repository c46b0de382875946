import { type TakeOverDeps, takeOver } from "@/server/services/hook-take-over";
import { deliverOnce } from "@/server/services/webhook-delivery";
import { asActivity } from "@/workflows/activities/as-activity";

export type WebhookActivities = ReturnType<typeof createWebhookActivities>;

/** Each answers in how many milliseconds to try again; null = nothing is left to do. */
export function createWebhookActivities(deps: TakeOverDeps) {
	return {
		attemptDelivery: (deliveryId: string, round: number): Promise<number | null> =>
			asActivity(() => deliverOnce(deps, deliveryId, round)),
		attemptTakeOver: (deliveryId: string, round: number): Promise<number | null> =>
			asActivity(() => takeOver(deps, deliveryId, round)),
	};
}
