"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Empty } from "@/components/empty";
import { Notice } from "@/components/notice";
import { Section } from "@/components/section";
import { Skeleton } from "@/components/skeleton";
import { TimeAgo, useAbsoluteTime } from "@/components/time-ago";
import type { WebhookRow } from "@/server/views";
import { PageHead } from "../../../frame/page-head";
import { Problem } from "../../../frame/problem";
import { useOverview } from "../../../live/use-overview";
import { WebhookStatus } from "../../../status/webhook-words";
import { useTRPC } from "../../../trpc/client";
import { Deliveries } from "../deliveries";
import { WebhookVerbs } from "./webhook-verbs";

/** One webhook: what it is told, how that goes, and the log. */
export function WebhookView({ id }: { id: string }) {
	const t = useTranslations("webhooks");
	const all = useQuery(useTRPC().webhook.list.queryOptions());
	useOverview();
	if (all.isError) return <Problem query={all} />;
	if (all.data === undefined) return <Skeleton className="h-40" />;
	const webhook = all.data.find((row) => row.id === id);
	if (webhook === undefined) return <Empty title={t("gone")} />;
	return (
		<>
			<PageHead
				title={webhook.name}
				status={<WebhookStatus standing={webhook.standing} />}
				facts={<code className="font-mono text-xs break-all">{webhook.address}</code>}
			/>
			<div className="grid grid-cols-[minmax(0,1fr)] gap-8">
				<Standing webhook={webhook} />
				<WebhookVerbs webhook={webhook} />
				<Section title={t("told")}>
					<Facts webhook={webhook} />
				</Section>
				<Section title={t("deliveries")}>
					<Deliveries webhook={webhook.id} />
				</Section>
			</div>
		</>
	);
}

/** Only where something is to be known first. */
function Standing({ webhook: { standing, disabledReason, failingSince } }: { webhook: WebhookRow }) {
	const t = useTranslations("webhooks");
	if (standing === "disabled") {
		return (
			<Notice tone="stopped" title={t("isDisabled")}>
				{disabledReason}
			</Notice>
		);
	}
	if (standing !== "failing" || failingSince === null) return null;
	return (
		<Notice tone="failed" title={t("isFailing")}>
			<TimeAgo at={failingSince} />
		</Notice>
	);
}

function Facts({ webhook }: { webhook: WebhookRow }) {
	const t = useTranslations("webhooks");
	const absolute = useAbsoluteTime();
	const { types, services, createdBy, createdAt, previousSecretUntil } = webhook;
	const facts = [
		[t("events"), types.length === 0 ? t("allEvents") : types.join(", ")],
		[t("services"), services.length === 0 ? t("allServices") : services.join(", ")],
		[t("madeBy"), t("madeByAt", { name: createdBy, at: absolute(createdAt) })],
		...(previousSecretUntil === null ? [] : [[t("secretBefore"), t("goodUntil", { at: absolute(previousSecretUntil) })]]),
	];
	return (
		<dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-8 gap-y-2">
			{facts.map(([label, value]) => (
				<div key={label} className="contents">
					<dt className="text-faint">{label}</dt>
					<dd className="break-words">{value}</dd>
				</div>
			))}
		</dl>
	);
}
