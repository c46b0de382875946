"use client";

import { useTranslations } from "next-intl";
import { Status, type Tone } from "@/components/status";
import type { DeliveryState, WebhookStanding } from "@/domain/webhook/standing";

const standingTones: Record<WebhookStanding, Tone> = { active: "healthy", failing: "failed", disabled: "stopped" };

const deliveryTones: Record<DeliveryState, Tone> = {
	waiting: "progressing",
	delivered: "healthy",
	"given-up": "failed",
	ignored: "stopped",
};

export function WebhookStatus({ standing }: { standing: WebhookStanding }) {
	const t = useTranslations("webhooks.standing");
	return <Status tone={standingTones[standing]} label={t(standing)} />;
}

export function DeliveryStatus({ state }: { state: DeliveryState }) {
	const t = useTranslations("webhooks.delivered");
	return <Status tone={deliveryTones[state]} label={t(state)} />;
}
