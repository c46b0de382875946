"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Elapsed } from "@/components/elapsed";
import { SkeletonRows } from "@/components/skeleton";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import type { PipelineRow } from "@/server/views";
import { addressOf } from "../frame/addresses";
import { Said } from "../i18n/said/said";
import { PipelineStatus, TestsStatus } from "../status/status-words";

/** Pipelines, one a row; `rows` undefined while they are asked for. */
export function PipelineTable({
	rows,
	label,
	skeletons = 4,
}: {
	rows: readonly PipelineRow[] | undefined;
	label: string;
	skeletons?: number;
}) {
	const t = useTranslations("pipelineTable");
	return (
		<Table label={label}>
			<HeadRow>
				<Head>{t("pipeline")}</Head>
				<Head>{t("state")}</Head>
				<Head>{t("commit")}</Head>
				<Head>{t("tests")}</Head>
				<Head>{t("result")}</Head>
				<Head>{t("pushed")}</Head>
				<Head className="text-right">{t("took")}</Head>
			</HeadRow>
			<tbody>
				{rows === undefined ? (
					<SkeletonRows rows={skeletons} columns={7} />
				) : (
					rows.map((row) => <PipelineLine key={addressOf.pipeline(row)} pipeline={row} />)
				)}
			</tbody>
		</Table>
	);
}

function PipelineLine({ pipeline }: { pipeline: PipelineRow }) {
	const t = useTranslations("pipelineTable");
	return (
		<Row>
			<Cell className="whitespace-nowrap">
				<Link href={addressOf.pipeline(pipeline)} className="font-medium hover:text-accent hover:underline">
					{t("name", { repository: pipeline.repository, number: pipeline.number })}
				</Link>
			</Cell>
			<Cell className="max-w-80">
				<PipelineStatus state={pipeline.state} />
				{pipeline.reason !== null && (
					<p className="mt-0.5 line-clamp-2 text-soft text-xs">
						<Said text={pipeline.reason} />
					</p>
				)}
			</Cell>
			<Cell className="max-w-72 min-w-40">
				<p className="truncate" title={pipeline.commitMessage}>
					{pipeline.commitMessage}
				</p>
				<p className="text-faint text-xs">
					<span className="font-mono">{pipeline.commit.slice(0, 8)}</span> {t("onBranch", { branch: pipeline.branch })}
				</p>
			</Cell>
			<Cell>
				<TestsStatus tests={pipeline.tests} />
			</Cell>
			<Cell className="whitespace-nowrap">
				<PipelineResult pipeline={pipeline} />
			</Cell>
			<Cell className="whitespace-nowrap text-soft">
				{pipeline.pushedBy} <TimeAgo at={pipeline.createdAt} className="text-faint" />
			</Cell>
			<Cell className="text-right whitespace-nowrap text-soft">
				<Elapsed from={pipeline.createdAt} to={pipeline.endedAt} />
			</Cell>
		</Row>
	);
}

function PipelineResult({ pipeline }: { pipeline: PipelineRow }) {
	const t = useTranslations("pipelineTable");
	if (pipeline.release === null) return <span className="text-faint">{t("nothingYet")}</span>;
	if (pipeline.rollout === null) return t("release", { number: pipeline.release });
	return (
		<Link href={addressOf.rollout(pipeline.rollout)} className="hover:text-accent hover:underline">
			{t("releaseTo", { number: pipeline.release, environment: pipeline.rollout.environment })}
		</Link>
	);
}
