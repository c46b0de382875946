"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Empty } from "@/components/empty";
import { Section } from "@/components/section";
import { Skeleton } from "@/components/skeleton";
import { Status, type Tone } from "@/components/status";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import { whyNot } from "@/domain/policy/gate";
import type { FreezeRow } from "@/server/views";
import { Problem } from "../../frame/problem";
import { useZoneTime } from "../../status/frozen";
import { useTRPC, useTRPCClient } from "../../trpc/client";
import { endFreezeCommand } from "../../verbs/command";
import { VerbButton } from "../../verbs/verb-button";
import { VerbDialog } from "../../verbs/verb-dialog";
import { FreezeForm } from "./freeze-form";

const tones: Record<FreezeRow["state"], Tone> = { active: "waiting", coming: "progressing", over: "stopped", ended: "stopped" };

interface FreezesProps {
	environments: readonly string[];
}

/** When no new release may enter which environment, and the way to make and end that. */
export function Freezes({ environments }: FreezesProps) {
	const t = useTranslations("freezes");
	const trpc = useTRPC();
	const freezes = useQuery(trpc.freeze.list.queryOptions({}, { refetchInterval: 20_000 }));
	const me = useQuery(trpc.session.me.queryOptions()).data;
	const [isMaking, setMaking] = useState(false);
	const [isWhole, setWhole] = useState(false);
	const refusal = me === undefined ? t("loading") : whyNot(me, "freeze.create");
	const rows = freezes.data ?? [];
	const live = rows.filter(({ state }) => state === "active" || state === "coming");
	const shown = isWhole ? rows : live;
	return (
		<Section
			id="freezes"
			title={t("title")}
			aside={
				<VerbButton size="small" refusal={refusal} onClick={() => setMaking(true)}>
					{t("make")}
				</VerbButton>
			}
		>
			<div className="grid grid-cols-[minmax(0,1fr)] gap-3">
				{freezes.isError && <Problem query={freezes} />}
				{freezes.data === undefined && !freezes.isError && <Skeleton className="h-16" />}
				{freezes.data !== undefined && live.length === 0 && (
					<Empty title={t("empty")}>{refusal === null ? <p>{t("emptyNext")}</p> : <p>{refusal}</p>}</Empty>
				)}
				{shown.length > 0 && <FreezeTable rows={shown} />}
				{rows.length > live.length && (
					<div>
						<Button look="quiet" size="small" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
							{isWhole ? t("hidePast") : t("showPast", { count: rows.length - live.length })}
						</Button>
					</div>
				)}
			</div>
			{isMaking && <FreezeForm environments={environments} onClose={() => setMaking(false)} />}
		</Section>
	);
}

function FreezeTable({ rows }: { rows: readonly FreezeRow[] }) {
	const t = useTranslations("freezes");
	return (
		<Table label={t("title")}>
			<HeadRow>
				<Head>{t("where")}</Head>
				<Head>{t("state")}</Head>
				<Head>{t("when")}</Head>
				<Head>{t("reason")}</Head>
				<Head>{t("by")}</Head>
				<Head>
					<span className="sr-only">{t("actions")}</span>
				</Head>
			</HeadRow>
			<tbody>
				{rows.map((row) => (
					<FreezeLine key={row.id} row={row} />
				))}
			</tbody>
		</Table>
	);
}

function FreezeLine({ row }: { row: FreezeRow }) {
	const t = useTranslations("freezes");
	const time = useZoneTime();
	const me = useQuery(useTRPC().session.me.queryOptions()).data;
	const { freeze } = useTRPCClient();
	const [isEnding, setEnding] = useState(false);
	const { environment, service, state, window, weekly, zone, id } = row;
	const span = window ?? (row.from && row.until ? { from: row.from, until: row.until } : null);
	const isLive = state === "active" || state === "coming";
	const where = service === null ? t("all", { environment }) : t("one", { environment, service });
	return (
		<Row>
			<Cell className="whitespace-nowrap">{where}</Cell>
			<Cell className="whitespace-nowrap">
				<Status tone={tones[state]} label={t(`states.${state}`)} />
			</Cell>
			<Cell className="min-w-48">
				{weekly !== null && <p>{t("weekly", { span: weekly, zone })}</p>}
				{span !== null && (
					<p className={weekly === null ? undefined : "text-faint text-xs"}>
						{t("span", { from: time(span.from, zone), until: time(span.until, zone) })}
					</p>
				)}
			</Cell>
			<Cell className="min-w-40 max-w-80 break-words">{row.reason}</Cell>
			<Cell className="whitespace-nowrap text-soft">
				{row.createdBy} <TimeAgo at={row.createdAt} className="text-faint" />
				{row.endedBy !== null && row.endedAt !== null && (
					<span className="block text-xs">
						{t("endedBy", { who: row.endedBy })} <TimeAgo at={row.endedAt} className="text-faint" />
					</span>
				)}
			</Cell>
			<Cell className="text-right">
				{isLive && (
					<VerbButton
						size="small"
						refusal={me === undefined ? t("loading") : whyNot(me, "freeze.end")}
						onClick={() => setEnding(true)}
					>
						{t("end")}
					</VerbButton>
				)}
				{isEnding && (
					<VerbDialog
						title={t("endTitle", { where })}
						description={t("endDescription", { where })}
						act={t("endAct", { where })}
						look="primary"
						reason="optional"
						command={(reason) => endFreezeCommand(id, reason)}
						run={(reason) => freeze.end.mutate({ id, reason })}
						onClose={() => setEnding(false)}
					/>
				)}
			</Cell>
		</Row>
	);
}
