"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { SkeletonRows } from "@/components/skeleton";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import type { WebhookDeliveryRow } from "@/server/views";
import { Problem } from "../../frame/problem";
import { Said } from "../../i18n/said/said";
import { DeliveryStatus } from "../../status/webhook-words";
import { useTRPCClient } from "../../trpc/client";
import { Delivery } from "./delivery";

/** The delivery log, of one webhook or of all and what was received; each line opens with its tries. */
export function Deliveries({ webhook }: { webhook: string | null }) {
	const t = useTranslations("webhooks");
	const [open, setOpen] = useState<string | null>(null);
	const client = useTRPCClient();
	const pages = useInfiniteQuery({
		queryKey: ["webhook.deliveries", webhook],
		queryFn: ({ pageParam }) => client.webhook.deliveries.query({ webhook, before: pageParam, limit: 50 }),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
	});
	const rows = pages.data?.pages.flatMap((page) => page.rows);
	if (pages.isError) return <Problem query={pages} />;
	if (rows?.length === 0) return <p className="text-faint">{t("noDeliveries")}</p>;
	return (
		<>
			<Table label={t("deliveries")}>
				<HeadRow>
					<Head>{t("event")}</Head>
					<Head>{t("state")}</Head>
					<Head>{t("answer")}</Head>
					<Head>{t("when")}</Head>
				</HeadRow>
				<tbody>
					{rows === undefined ? (
						<SkeletonRows columns={4} />
					) : (
						rows.map((row) => <DeliveryLine key={row.id} row={row} isAll={webhook === null} onOpen={() => setOpen(row.id)} />)
					)}
				</tbody>
			</Table>
			{pages.hasNextPage && (
				<Button className="mt-3" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
					{t("more")}
				</Button>
			)}
			{open !== null && <Delivery id={open} onClose={() => setOpen(null)} />}
		</>
	);
}

function DeliveryLine({ row, isAll, onOpen }: { row: WebhookDeliveryRow; isAll: boolean; onOpen(): void }) {
	const t = useTranslations("webhooks");
	const to = row.hook === null ? t("to", { name: row.to }) : t("from", { name: row.to });
	return (
		<Row>
			<Cell>
				<button
					type="button"
					onClick={onOpen}
					className="text-left font-mono text-xs break-all hover:text-accent hover:underline"
				>
					{row.type}
				</button>
				<p className="text-faint text-xs">{[isAll ? to : null, row.subject].filter((word) => word !== null).join(" · ")}</p>
			</Cell>
			<Cell>
				<DeliveryStatus state={row.state} />
				{row.reason !== null && (
					<p className="mt-0.5 max-w-96 text-soft text-xs break-words">
						<Said text={row.reason} />
					</p>
				)}
			</Cell>
			<Cell className="whitespace-nowrap">
				<span className={row.lastStatus === null ? "text-faint" : undefined}>{row.lastStatus ?? t("noStatus")}</span>
				<p className="text-faint text-xs">{t("tries", { count: row.tries })}</p>
			</Cell>
			<Cell className="whitespace-nowrap">
				<TimeAgo at={row.createdAt} />
			</Cell>
		</Row>
	);
}
