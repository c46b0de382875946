import { proxyActivities, sleep } from "@temporalio/workflow";
import type { WebhookActivities } from "@/workflows/activities/webhook";

/**
 * One round of one delivery: tries, waits, tries again, until it was taken or is given up. What happened is in the
 * delivery's own rows; a round that somebody has begun anew ends by itself at its next try. Sluice's own trouble (Postgres
 * away) is waited for and counts as no try. A worker killed between sending and writing sends once more, under the same id.
 */
export interface WebhookInput {
	readonly deliveryId: string;
	readonly round: number;
}

const { attemptDelivery } = proxyActivities<WebhookActivities>({
	startToCloseTimeout: "1 minute",
	heartbeatTimeout: "15 seconds",
	retry: { initialInterval: "1 second", maximumInterval: "1 minute" },
});

/** A fetch has its own deadline of 4 minutes. */
const { attemptTakeOver } = proxyActivities<WebhookActivities>({
	startToCloseTimeout: "10 minutes",
	heartbeatTimeout: "15 seconds",
	retry: { initialInterval: "1 second", maximumInterval: "1 minute" },
});

/** An event on its way to a subscriber. */
export async function webhook({ deliveryId, round }: WebhookInput): Promise<void> {
	await untilDone(() => attemptDelivery(deliveryId, round));
}

/** What an inbound hook received: the repository's new commits are taken over. */
export async function inboundHook({ deliveryId, round }: WebhookInput): Promise<void> {
	await untilDone(() => attemptTakeOver(deliveryId, round));
}

async function untilDone(attempt: () => Promise<number | null>): Promise<void> {
	for (let delayMs = await attempt(); delayMs !== null; delayMs = await attempt()) await sleep(delayMs);
}
