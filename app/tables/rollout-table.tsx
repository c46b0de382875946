"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Elapsed } from "@/components/elapsed";
import { SkeletonRows } from "@/components/skeleton";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import type { RolloutRow } from "@/server/views";
import { addressOf } from "../frame/addresses";
import { Said } from "../i18n/said/said";
import { RolloutStatus } from "../status/status-words";
import { useRolloutChange } from "./rollout-change";

/** Rollouts, one a row; `rows` undefined while they are asked for. */
export function RolloutTable({
	rows,
	label,
	skeletons = 4,
}: {
	rows: readonly RolloutRow[] | undefined;
	label: string;
	skeletons?: number;
}) {
	const t = useTranslations("rolloutTable");
	return (
		<Table label={label}>
			<HeadRow>
				<Head>{t("rollout")}</Head>
				<Head>{t("state")}</Head>
				<Head>{t("change")}</Head>
				<Head>{t("startedBy")}</Head>
				<Head>{t("started")}</Head>
				<Head className="text-right">{t("took")}</Head>
			</HeadRow>
			<tbody>
				{rows === undefined ? (
					<SkeletonRows rows={skeletons} columns={6} />
				) : (
					rows.map((row) => <RolloutLine key={addressOf.rollout(row)} rollout={row} />)
				)}
			</tbody>
		</Table>
	);
}

function RolloutLine({ rollout }: { rollout: RolloutRow }) {
	const t = useTranslations("rolloutTable");
	const change = useRolloutChange();
	return (
		<Row>
			<Cell className="whitespace-nowrap">
				<Link href={addressOf.rollout(rollout)} className="font-medium hover:text-accent hover:underline">
					{t("name", { service: rollout.service, environment: rollout.environment, number: rollout.number })}
				</Link>
			</Cell>
			<Cell className="max-w-96">
				<RolloutStatus state={rollout.state} paused={rollout.paused !== null} />
				{rollout.reason !== null && (
					<p className="mt-0.5 line-clamp-2 text-soft text-xs">
						<Said text={rollout.reason} />
					</p>
				)}
			</Cell>
			<Cell className="whitespace-nowrap tabular">{change(rollout)}</Cell>
			<Cell className="whitespace-nowrap">{rollout.startedBy}</Cell>
			<Cell className="whitespace-nowrap text-soft">
				<TimeAgo at={rollout.createdAt} />
			</Cell>
			<Cell className="text-right whitespace-nowrap text-soft">
				<Elapsed from={rollout.createdAt} to={rollout.endedAt} />
			</Cell>
		</Row>
	);
}
