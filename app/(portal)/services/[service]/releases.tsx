"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Empty } from "@/components/empty";
import { useList } from "@/components/list";
import { Menu, MenuItem, MenuLabel } from "@/components/menu";
import { SkeletonRows } from "@/components/skeleton";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import type { ReleaseRow, RunningVersion, ServicePage } from "@/server/views";
import { addressOf } from "../../../frame/addresses";
import { Pager } from "../../../frame/pager";
import { pageRows } from "../../../frame/paging";
import { Problem } from "../../../frame/problem";
import { useFilters } from "../../../frame/use-filters";
import { useTRPC } from "../../../trpc/client";
import { DeployDialog } from "./deploy-dialog";
import { Provenance } from "./provenance";

interface Choice {
	readonly release: ReleaseRow;
	readonly version: RunningVersion;
}

const filterNames = ["after"] as const;
/** As many as the service's page brings with it. */
const firstRows = 20;

/** Immutable releases, newest first; each can be put into an environment again. */
export function Releases({ page }: { page: ServicePage }) {
	const t = useTranslations("releases");
	const [choice, setChoice] = useState<Choice | null>(null);
	const [picked, setPicked] = useState<readonly number[]>([]);
	const [{ after }] = useFilters(filterNames);
	const before = Number(after);
	const older = useQuery(
		useTRPC().release.list.queryOptions({ service: page.name, before, limit: pageRows }, { enabled: before > 0 }),
	);
	const shown = before > 0 ? older.data : page.releases;
	const next = shown !== undefined && shown.length >= (before > 0 ? pageRows : firstRows) ? shown.at(-1)?.number : undefined;
	if (page.releases.length === 0) return <Empty title={t("empty")} />;
	if (older.isError) return <Problem query={older} />;
	return (
		<>
			<Comparison service={page.name} picked={picked} />
			<Table label={t("title")}>
				<HeadRow>
					<Head>
						<span className="sr-only">{t("pick")}</span>
					</Head>
					<Head>{t("release")}</Head>
					<Head>{t("runsIn")}</Head>
					<Head>{t("commit")}</Head>
					<Head>{t("image")}</Head>
					<Head>{t("made")}</Head>
					<Head>
						<span className="sr-only">{t("actions")}</span>
					</Head>
				</HeadRow>
				<tbody>
					{shown === undefined ? (
						<SkeletonRows columns={7} />
					) : (
						shown.map((release) => (
							<ReleaseLine
								key={release.id}
								page={page}
								release={release}
								isPicked={picked.includes(release.number)}
								onPick={() => setPicked(pickedWith(picked, release.number))}
								onDeploy={(version) => setChoice({ release, version })}
							/>
						))
					)}
				</tbody>
			</Table>
			<Pager next={next?.toString() ?? null} />
			{choice !== null && (
				<DeployDialog service={page.name} release={choice.release} version={choice.version} onClose={() => setChoice(null)} />
			)}
		</>
	);
}

/** The last two that were picked: a third takes the place of the first. */
function pickedWith(picked: readonly number[], number: number): number[] {
	return picked.includes(number) ? picked.filter((one) => one !== number) : [...picked, number].slice(-2);
}

/** Two picked ones side by side, the older first. */
function Comparison({ service, picked }: { service: string; picked: readonly number[] }) {
	const t = useTranslations("releases");
	const [from, to] = [...picked].sort((a, b) => a - b);
	return (
		<p className="mb-2 min-h-5 text-soft text-sm" aria-live="polite">
			{from === undefined || to === undefined ? (
				t("pickTwo")
			) : (
				<Link href={addressOf.comparison(service, from, to)} className="text-accent hover:underline">
					{t("compare", { from, to })}
				</Link>
			)}
		</p>
	);
}

function ReleaseLine({
	page,
	release,
	isPicked,
	onPick,
	onDeploy,
}: {
	page: ServicePage;
	release: ReleaseRow;
	isPicked: boolean;
	onPick(): void;
	onDeploy(version: RunningVersion): void;
}) {
	const t = useTranslations("releases");
	const list = useList();
	const runsIn = page.environments.filter((version) => version.stable?.id === release.id).map((version) => version.environment);
	return (
		<Row>
			<Cell>
				<input
					type="checkbox"
					aria-label={t("pickNumber", { number: release.number })}
					checked={isPicked}
					onChange={onPick}
					className="size-4 accent-accent-solid"
				/>
			</Cell>
			<Cell className="font-medium whitespace-nowrap">
				{t("number", { number: release.number })}
				{Object.entries(release.config).map(([environment, version]) => (
					<span key={environment} className="block font-normal text-faint text-xs tabular">
						{t("configuration", { environment, version })}
					</span>
				))}
			</Cell>
			<Cell className="whitespace-nowrap">
				{runsIn.length === 0 ? <span className="text-faint">{t("nowhere")}</span> : list(runsIn)}
			</Cell>
			<Cell className="max-w-72 min-w-40">
				{release.commit === null ? (
					<span className="text-faint">{t("noCommit")}</span>
				) : (
					<>
						<p className="truncate" title={release.commitMessage ?? undefined}>
							{release.commitMessage}
						</p>
						<p className="font-mono text-faint text-xs">{release.commit.slice(0, 8)}</p>
					</>
				)}
			</Cell>
			<Cell className="whitespace-nowrap">
				<span className="flex items-center gap-1">
					<code className="font-mono text-xs">{release.digest.slice(0, 19)}</code>
					<CopyButton bare text={`${release.repository}@${release.digest}`} label={t("copyImage", { number: release.number })} />
				</span>
				{release.pipeline !== null && <Provenance service={page.name} release={release} />}
			</Cell>
			<Cell className="whitespace-nowrap text-soft">
				{release.createdBy} <TimeAgo at={release.createdAt} className="text-faint" />
				{release.pipeline !== null && (
					<Link href={addressOf.pipeline(release.pipeline)} className="block text-xs hover:text-accent hover:underline">
						{t("pipeline", { repository: release.pipeline.repository, number: release.pipeline.number })}
					</Link>
				)}
			</Cell>
			<Cell className="text-right">
				<Menu align="end" trigger={<Button size="small">{t("deploy")}</Button>}>
					<MenuLabel>{t("deployTo", { number: release.number })}</MenuLabel>
					{page.environments.map((version) => (
						<MenuItem
							key={version.environment}
							disabled={version.rollout !== null || version.stable?.id === release.id}
							onSelect={() => onDeploy(version)}
						>
							{version.environment}
							{version.stable?.id === release.id && <span className="text-xs">{t("runsAlready")}</span>}
							{version.rollout !== null && <span className="text-xs">{t("busy", { number: version.rollout.number })}</span>}
							{version.frozen !== null && <span className="text-xs">{t("frozen")}</span>}
						</MenuItem>
					))}
				</Menu>
			</Cell>
		</Row>
	);
}
