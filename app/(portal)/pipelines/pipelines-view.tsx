"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { Empty } from "@/components/empty";
import { RepositoryInput } from "../../frame/name-inputs";
import { PageHead } from "../../frame/page-head";
import { Pager } from "../../frame/pager";
import { nextByTime, pageRows } from "../../frame/paging";
import { Problem } from "../../frame/problem";
import { useFilters } from "../../frame/use-filters";
import { useOverview } from "../../live/use-overview";
import { PipelineTable } from "../../tables/pipeline-table";
import { useTRPC } from "../../trpc/client";
import { PushSteps } from "../create/push-steps";

const filterNames = ["repository", "after"] as const;

export function PipelinesView() {
	const t = useTranslations("pipelines");
	const trpc = useTRPC();
	const [{ repository, after }, setFilter] = useFilters(filterNames);
	const setRepository = useCallback((value: string) => setFilter("repository", value), [setFilter]);
	const named = useQuery(trpc.repository.list.queryOptions({ search: repository }, { enabled: repository !== "" })).data ?? [];
	const input = {
		limit: pageRows,
		...(repository === "" ? {} : { repository }),
		...(after === "" ? {} : { before: after }),
	};
	const pipelines = useQuery(trpc.pipeline.list.queryOptions(input, { placeholderData: keepPreviousData }));
	useOverview();
	const chosen = named.find(({ name }) => name === repository);
	return (
		<>
			<PageHead
				title={chosen === undefined ? t("title") : t("titleOf", { repository: chosen.name })}
				facts={t("intro")}
				actions={<RepositoryInput label={t("repository")} value={repository} onValue={setRepository} />}
			/>
			{pipelines.isError && (
				<div className="mb-4">
					<Problem query={pipelines} />
				</div>
			)}
			{pipelines.data?.length === 0 ? (
				<Empty title={t("empty")}>{chosen !== undefined && <PushSteps repository={chosen} />}</Empty>
			) : (
				(pipelines.data !== undefined || !pipelines.isError) && (
					<PipelineTable rows={pipelines.data} label={t("title")} skeletons={8} />
				)
			)}
			<Pager next={nextByTime(pipelines.data, (row) => [row.repository])} />
		</>
	);
}
