"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Empty } from "@/components/empty";
import { Section } from "@/components/section";
import { Skeleton } from "@/components/skeleton";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import type { WebhookRow } from "@/server/views";
import { addressOf } from "../../frame/addresses";
import { PageHead } from "../../frame/page-head";
import { Problem } from "../../frame/problem";
import { useOverview } from "../../live/use-overview";
import { WebhookStatus } from "../../status/webhook-words";
import { useTRPC } from "../../trpc/client";
import { Deliveries } from "./deliveries";
import { InboundHooks } from "./inbound-hooks";
import { LastDelivery } from "./last-delivery";
import { NewWebhook } from "./new-webhook";

/** Who is told of events, which doors there are from outside, and what went through either. */
export function WebhooksView() {
	const t = useTranslations("webhooks");
	const webhooks = useQuery(useTRPC().webhook.list.queryOptions());
	const [isMaking, setMaking] = useState(false);
	useOverview();
	const make = (
		<Button look="primary" onClick={() => setMaking(true)}>
			{t("new")}
		</Button>
	);
	if (webhooks.isError) {
		return (
			<>
				<PageHead title={t("title")} facts={t("intro")} />
				<Problem query={webhooks} />
			</>
		);
	}
	const isEmpty = webhooks.data?.length === 0;
	return (
		<>
			<PageHead title={t("title")} facts={t("intro")} actions={isEmpty ? undefined : make} />
			<div className="grid grid-cols-[minmax(0,1fr)] gap-8">
				{webhooks.data === undefined && <Skeleton className="h-32" />}
				{isEmpty && (
					<Empty title={t("empty")}>
						<div>{make}</div>
					</Empty>
				)}
				{webhooks.data !== undefined && !isEmpty && <WebhookTable rows={webhooks.data} />}
				<InboundHooks />
				<Section title={t("deliveries")}>
					<Deliveries webhook={null} />
				</Section>
			</div>
			{isMaking && <NewWebhook onClose={() => setMaking(false)} />}
		</>
	);
}

function WebhookTable({ rows }: { rows: readonly WebhookRow[] }) {
	const t = useTranslations("webhooks");
	return (
		<Table label={t("title")}>
			<HeadRow>
				<Head>{t("name")}</Head>
				<Head>{t("state")}</Head>
				<Head>{t("events")}</Head>
				<Head>{t("last")}</Head>
			</HeadRow>
			<tbody>
				{rows.map((row) => (
					<Row key={row.id}>
						<Cell>
							<Link href={addressOf.webhook(row.id)} className="font-medium hover:text-accent hover:underline">
								{row.name}
							</Link>
							<p className="max-w-72 truncate font-mono text-faint text-xs">{row.address}</p>
						</Cell>
						<Cell>
							<WebhookStatus standing={row.standing} />
						</Cell>
						<Cell className="whitespace-nowrap">
							<p>{row.types.length === 0 ? t("allEvents") : t("someEvents", { count: row.types.length })}</p>
							{row.services.length > 0 && <p className="text-faint text-xs">{row.services.join(", ")}</p>}
						</Cell>
						<Cell className="whitespace-nowrap">
							<LastDelivery last={row.last} none={t("nothingYet")} />
						</Cell>
					</Row>
				))}
			</tbody>
		</Table>
	);
}
