"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Empty } from "@/components/empty";
import { FilterSelect } from "../../frame/filter-select";
import { PageHead } from "../../frame/page-head";
import { Problem } from "../../frame/problem";
import { useFilters } from "../../frame/use-filters";
import { useOverview } from "../../live/use-overview";
import { PipelineTable } from "../../tables/pipeline-table";
import { useTRPC } from "../../trpc/client";
import { PushSteps } from "../create/push-steps";

const filterNames = ["repository"] as const;

export function PipelinesView() {
	const t = useTranslations("pipelines");
	const trpc = useTRPC();
	const [{ repository }, setFilter] = useFilters(filterNames);
	const repositories = useQuery(trpc.repository.list.queryOptions()).data ?? [];
	const input = { limit: 100, ...(repository === "" ? {} : { repository }) };
	const pipelines = useQuery(trpc.pipeline.list.queryOptions(input, { placeholderData: keepPreviousData }));
	useOverview();
	const chosen = repositories.find(({ name }) => name === repository);
	return (
		<>
			<PageHead
				title={chosen === undefined ? t("title") : t("titleOf", { repository: chosen.name })}
				facts={t("intro")}
				actions={
					<FilterSelect
						label={t("repository")}
						all={t("allRepositories")}
						value={repository}
						onValue={(value) => setFilter("repository", value)}
						options={repositories.map(({ name }) => ({ value: name, label: name }))}
					/>
				}
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
		</>
	);
}
