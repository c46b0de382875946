"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { buttonStyle } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Empty } from "@/components/empty";
import { SkeletonRows } from "@/components/skeleton";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import { importPath, isMissingManifest } from "@/domain/import/missing-manifest";
import type { RepositoryRow } from "@/server/views";
import { addressOf } from "../../frame/addresses";
import { FilterInput } from "../../frame/filter-input";
import { PageHead } from "../../frame/page-head";
import { Pager } from "../../frame/pager";
import { nextByName, pageRows } from "../../frame/paging";
import { Problem } from "../../frame/problem";
import { useFilters } from "../../frame/use-filters";
import { useOverview } from "../../live/use-overview";
import { PipelineStatus } from "../../status/status-words";
import { useTRPC } from "../../trpc/client";
import { HookAddresses } from "./hook-addresses";

const filterNames = ["q", "after"] as const;

export function RepositoriesView() {
	const t = useTranslations("repositories");
	const [{ q, after }, setFilter] = useFilters(filterNames);
	const setSearch = useCallback((value: string) => setFilter("q", value), [setFilter]);
	const input = { limit: pageRows, ...(q === "" ? {} : { search: q }), ...(after === "" ? {} : { after }) };
	const repositories = useQuery(useTRPC().repository.list.queryOptions(input, { placeholderData: keepPreviousData }));
	const isNew = repositories.data?.length === 0 && q === "" && after === "";
	useOverview();
	const create = (
		<Link href="/create" className={buttonStyle({ look: "primary" })}>
			{t("create")}
		</Link>
	);
	return (
		<>
			<PageHead
				title={t("title")}
				facts={t("intro")}
				actions={
					isNew ? undefined : (
						<>
							<FilterInput value={q} onValue={setSearch} label={t("search")} />
							{create}
						</>
					)
				}
			/>
			{repositories.isError && (
				<div className="mb-4">
					<Problem query={repositories} />
				</div>
			)}
			{repositories.data?.length === 0 ? (
				<Empty title={isNew ? t("empty") : t("nothingFound")}>{isNew && <div>{create}</div>}</Empty>
			) : (
				(repositories.data !== undefined || !repositories.isError) && (
					<Table label={t("title")}>
						<HeadRow>
							<Head>{t("repository")}</Head>
							<Head>{t("service")}</Head>
							<Head>{t("lastPipeline")}</Head>
							<Head>{t("clone")}</Head>
						</HeadRow>
						<tbody>
							{repositories.data === undefined ? (
								<SkeletonRows columns={4} />
							) : (
								repositories.data.map((row) => <RepositoryLine key={row.name} repository={row} />)
							)}
						</tbody>
					</Table>
				)
			)}
			<Pager next={nextByName(repositories.data)} />
		</>
	);
}

function RepositoryLine({ repository }: { repository: RepositoryRow }) {
	const t = useTranslations("repositories");
	const last = repository.lastPipeline;
	return (
		<Row>
			<Cell className="whitespace-nowrap">
				<Link href={addressOf.pipelinesOf(repository.name)} className="font-medium hover:text-accent hover:underline">
					{repository.name}
				</Link>
				<p className="text-faint text-xs">{repository.defaultBranch}</p>
			</Cell>
			<Cell className="whitespace-nowrap">
				{repository.service === null ? (
					<>
						<span className="text-faint">{t("noService")}</span>
						{isMissingManifest(last?.reason ?? null) && (
							<Link href={importPath(repository.name)} className="block text-accent underline">
								{t("propose")}
							</Link>
						)}
					</>
				) : (
					<Link href={addressOf.service(repository.service)} className="hover:text-accent hover:underline">
						{repository.service}
					</Link>
				)}
			</Cell>
			<Cell>
				{last === null ? (
					<span className="text-faint">{t("noPush")}</span>
				) : (
					<span className="flex flex-wrap items-center gap-x-3">
						<PipelineStatus state={last.state} />
						<Link href={addressOf.pipeline(last)} className="whitespace-nowrap hover:text-accent hover:underline">
							{t("pipeline", { number: last.number })}
						</Link>
						<TimeAgo at={last.createdAt} className="text-faint" />
					</span>
				)}
			</Cell>
			<Cell>
				<span className="flex items-center gap-1">
					<code className="font-mono text-xs whitespace-nowrap">{repository.cloneUrl}</code>
					<CopyButton bare text={`git clone ${repository.cloneUrl}`} label={t("copyClone", { name: repository.name })} />
				</span>
				<HookAddresses repository={repository.name} />
			</Cell>
		</Row>
	);
}
