"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "../trpc/client";

/** Pages without the overview's stream hear of a new one at the latest then. */
const everyMs = 30_000;

/** How many rollouts wait for a word that this person may say; nothing when none does. */
export function ApprovalsBadge() {
	const t = useTranslations("frame");
	const inbox = useQuery(useTRPC().rollout.inbox.queryOptions({}, { refetchInterval: everyMs }));
	const count = inbox.data?.filter(({ refusal }) => refusal === null).length ?? 0;
	if (count === 0) return null;
	return (
		<span className="ml-auto rounded-full bg-accent-solid px-1.5 font-medium text-on-accent text-xs tabular">
			<span aria-hidden="true">{count}</span>
			<span className="sr-only">{t("approvals", { count })}</span>
		</span>
	);
}
