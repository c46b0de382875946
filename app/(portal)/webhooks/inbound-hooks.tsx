"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Empty } from "@/components/empty";
import { Section } from "@/components/section";
import { Skeleton } from "@/components/skeleton";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import type { InboundHookRow } from "@/server/views";
import { addressOf } from "../../frame/addresses";
import { Problem } from "../../frame/problem";
import { useTRPC } from "../../trpc/client";
import { VerbDialog } from "../../verbs/verb-dialog";
import { LastDelivery } from "./last-delivery";
import { NewHook } from "./new-hook";

/** Doors for pushes to the repositories that ours were imported from. */
export function InboundHooks() {
	const t = useTranslations("webhooks.inbound");
	const all = useQuery(useTRPC().hook.list.queryOptions());
	const [isMaking, setMaking] = useState(false);
	if (all.isError) return <Problem query={all} />;
	if (all.data === undefined) return <Skeleton className="h-24" />;
	const { hooks, imported } = all.data;
	const make = <Button onClick={() => setMaking(true)}>{t("new")}</Button>;
	return (
		<Section title={t("title")} aside={hooks.length > 0 ? make : undefined}>
			{hooks.length > 0 && <HookTable rows={hooks} />}
			{hooks.length === 0 && (
				<Empty title={imported.length === 0 ? t("nothingImported") : t("empty")}>
					<div>
						{imported.length > 0 ? (
							make
						) : (
							<Link href="/create?way=import" className="text-accent underline">
								{t("import")}
							</Link>
						)}
					</div>
				</Empty>
			)}
			{isMaking && <NewHook imported={imported} onClose={() => setMaking(false)} />}
		</Section>
	);
}

function HookTable({ rows }: { rows: readonly InboundHookRow[] }) {
	const t = useTranslations("webhooks.inbound");
	return (
		<Table label={t("title")}>
			<HeadRow>
				<Head>{t("repository")}</Head>
				<Head>{t("address")}</Head>
				<Head>{t("last")}</Head>
				<Head className="text-right">{t("acts")}</Head>
			</HeadRow>
			<tbody>
				{rows.map((row) => (
					<HookLine key={row.id} row={row} />
				))}
			</tbody>
		</Table>
	);
}

function HookLine({ row }: { row: InboundHookRow }) {
	const t = useTranslations("webhooks.inbound");
	const client = useQueryClient();
	const [isAsking, setAsking] = useState(false);
	const remove = useMutation(useTRPC().hook.remove.mutationOptions({ onSettled: () => void client.invalidateQueries() }));
	return (
		<Row>
			<Cell>
				<Link href={addressOf.pipelinesOf(row.repository)} className="font-medium hover:text-accent hover:underline">
					{row.repository}
				</Link>
				<p className="max-w-72 truncate text-faint text-xs">{t("of", { kind: row.kind, from: row.from })}</p>
			</Cell>
			<Cell>
				<span className="flex items-center gap-1">
					<code className="font-mono text-xs whitespace-nowrap">{row.address}</code>
					<CopyButton bare text={row.address} label={t("copyAddress", { name: row.repository })} />
				</span>
			</Cell>
			<Cell className="whitespace-nowrap">
				<LastDelivery last={row.last} none={t("nothingYet")} />
			</Cell>
			<Cell className="text-right">
				<Button size="small" onClick={() => setAsking(true)}>
					{t("remove", { name: row.repository })}
				</Button>
				{isAsking && (
					<VerbDialog
						title={t("removeTitle", { name: row.repository })}
						description={t("removeIntro")}
						act={t("remove", { name: row.repository })}
						look="danger"
						reason="none"
						command={() => `./sluice hook remove ${row.id}`}
						run={() => remove.mutateAsync({ id: row.id })}
						onClose={() => setAsking(false)}
					/>
				)}
			</Cell>
		</Row>
	);
}
