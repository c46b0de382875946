"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { Empty } from "@/components/empty";
import { Notice } from "@/components/notice";
import { Section } from "@/components/section";
import { Skeleton } from "@/components/skeleton";
import { FilterInput } from "../../frame/filter-input";
import { FilterSelect } from "../../frame/filter-select";
import { PageHead } from "../../frame/page-head";
import { Problem } from "../../frame/problem";
import { useFilters } from "../../frame/use-filters";
import { useOverview } from "../../live/use-overview";
import { useTRPC } from "../../trpc/client";
import { gatewayCommand } from "../../verbs/command";
import { CopyCommand } from "../../verbs/copy-command";
import { FirstSteps } from "../create/first-steps";
import { Proxies } from "./proxies";
import { Route } from "./served-route";

const filterNames = ["q", "environment", "proxy"] as const;
/** What is in flight is no event. */
const lookAgainMs = 5_000;

/** What every proxy serves: as published, and as it says it obeys. */
export function GatewayView() {
	const t = useTranslations("gateway");
	const [filters, setFilter] = useFilters(filterNames);
	const setSearch = useCallback((value: string) => setFilter("q", value), [setFilter]);
	const options = { placeholderData: keepPreviousData, refetchInterval: lookAgainMs };
	const page = useQuery(useTRPC().gateway.routes.queryOptions({ search: filters.q }, options));
	useOverview();
	const routes = page.data?.routes.filter(({ environment }) => filters.environment === "" || filters.environment === environment);
	const environments = [...new Set(page.data?.routes.map(({ environment }) => environment))];
	const proxies = page.data?.proxies ?? [];
	const late = routes?.filter((route) => route.proxies.some(({ word }) => word !== "acknowledged")).length ?? 0;
	return (
		<>
			<PageHead
				title={t("title")}
				facts={routes === undefined ? t("intro") : t("count", { count: routes.length, late })}
				actions={
					<>
						<FilterInput value={filters.q} onValue={setSearch} label={t("search")} />
						<FilterSelect
							label={t("environment")}
							all={t("allEnvironments")}
							value={filters.environment}
							onValue={(value) => setFilter("environment", value)}
							options={environments.map((name) => ({ value: name, label: name }))}
						/>
						<FilterSelect
							label={t("proxy")}
							all={t("allProxies")}
							value={filters.proxy}
							onValue={(value) => setFilter("proxy", value)}
							options={proxies.map(({ id }) => ({ value: id, label: id }))}
						/>
						<CopyCommand command={gatewayCommand(filters.q)} />
					</>
				}
			/>
			<div className="grid grid-cols-[minmax(0,1fr)] gap-8">
				{page.isError && <Problem query={page} />}
				{page.data === undefined && !page.isError && (
					<div className="grid gap-4">
						<Skeleton className="h-24" />
						<Skeleton className="h-40" />
					</div>
				)}
				{page.data !== undefined && (
					<Section title={t("proxies")}>
						<Proxies page={page.data} />
					</Section>
				)}
				{page.data?.isCut === true && <Notice tone="unknown" title={t("cut")} />}
				{routes?.length === 0 &&
					(filters.q === "" && filters.environment === "" ? <FirstSteps /> : <Empty title={t("nothingFound")} />)}
				{routes?.map((route) => (
					<Route key={`${route.service}/${route.environment}`} route={route} proxy={filters.proxy} />
				))}
			</div>
		</>
	);
}
