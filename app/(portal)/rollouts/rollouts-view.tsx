"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { Empty } from "@/components/empty";
import { FilterSelect } from "../../frame/filter-select";
import { ServiceInput } from "../../frame/name-inputs";
import { PageHead } from "../../frame/page-head";
import { Pager } from "../../frame/pager";
import { nextByTime, pageRows } from "../../frame/paging";
import { Problem } from "../../frame/problem";
import { useFilters } from "../../frame/use-filters";
import { useOverview } from "../../live/use-overview";
import { RolloutTable } from "../../tables/rollout-table";
import { useTRPC } from "../../trpc/client";

const filterNames = ["service", "environment", "after"] as const;

export function RolloutsView() {
	const t = useTranslations("rollouts");
	const trpc = useTRPC();
	const [filters, setFilter] = useFilters(filterNames);
	const setService = useCallback((value: string) => setFilter("service", value), [setFilter]);
	const environments = useQuery(trpc.service.list.queryOptions({ limit: 1 })).data?.[0]?.environments ?? [];
	const input = {
		limit: pageRows,
		...(filters.after === "" ? {} : { before: filters.after }),
		...(filters.service === "" ? {} : { service: filters.service }),
		...(filters.environment === "" ? {} : { environment: filters.environment }),
	};
	const rollouts = useQuery(trpc.rollout.list.queryOptions(input, { placeholderData: keepPreviousData }));
	useOverview();
	return (
		<>
			<PageHead
				title={t("title")}
				facts={t("intro")}
				actions={
					<>
						<ServiceInput label={t("service")} value={filters.service} onValue={setService} />
						<FilterSelect
							label={t("environment")}
							all={t("allEnvironments")}
							value={filters.environment}
							onValue={(value) => setFilter("environment", value)}
							options={environments.map(({ environment: name }) => ({ value: name, label: name }))}
						/>
					</>
				}
			/>
			{rollouts.isError && (
				<div className="mb-4">
					<Problem query={rollouts} />
				</div>
			)}
			{rollouts.data?.length === 0 ? (
				<Empty title={t("empty")} />
			) : (
				(rollouts.data !== undefined || !rollouts.isError) && (
					<RolloutTable rows={rollouts.data} label={t("title")} skeletons={8} />
				)
			)}
			<Pager next={nextByTime(rollouts.data, ({ service, environment }) => [service, environment])} />
		</>
	);
}
