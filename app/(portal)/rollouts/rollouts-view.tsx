"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Empty } from "@/components/empty";
import { FilterSelect } from "../../frame/filter-select";
import { PageHead } from "../../frame/page-head";
import { Problem } from "../../frame/problem";
import { useFilters } from "../../frame/use-filters";
import { useOverview } from "../../live/use-overview";
import { RolloutTable } from "../../tables/rollout-table";
import { useTRPC } from "../../trpc/client";
import { environmentsOf } from "../catalog/filter";

const filterNames = ["service", "environment"] as const;

export function RolloutsView() {
	const t = useTranslations("rollouts");
	const trpc = useTRPC();
	const [filters, setFilter] = useFilters(filterNames);
	const services = useQuery(trpc.service.list.queryOptions({})).data ?? [];
	const input = {
		limit: 100,
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
						<FilterSelect
							label={t("service")}
							all={t("allServices")}
							value={filters.service}
							onValue={(value) => setFilter("service", value)}
							options={services.map(({ name }) => ({ value: name, label: name }))}
						/>
						<FilterSelect
							label={t("environment")}
							all={t("allEnvironments")}
							value={filters.environment}
							onValue={(value) => setFilter("environment", value)}
							options={environmentsOf(services).map((name) => ({ value: name, label: name }))}
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
		</>
	);
}
