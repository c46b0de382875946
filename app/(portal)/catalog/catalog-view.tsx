"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { Button } from "@/components/button";
import { Empty } from "@/components/empty";
import { SkeletonRows } from "@/components/skeleton";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { countedInstances } from "@/domain/version-state";
import type { ServiceRow } from "@/server/views";
import { addressOf } from "../../frame/addresses";
import { FilterInput } from "../../frame/filter-input";
import { FilterSelect } from "../../frame/filter-select";
import { PageHead } from "../../frame/page-head";
import { Pager } from "../../frame/pager";
import { nextByName } from "../../frame/paging";
import { Problem } from "../../frame/problem";
import { useFilters } from "../../frame/use-filters";
import { Said } from "../../i18n/said/said";
import { useOverview } from "../../live/use-overview";
import { RolloutUnderWay } from "../../status/rollout-under-way";
import { VersionStatus } from "../../status/status-words";
import { versionTones } from "../../status/tones";
import { useTRPC } from "../../trpc/client";
import { FirstSteps } from "../create/first-steps";
import { filterNames, pageOf, questionOf } from "./filter";

const states = Object.keys(versionTones) as (keyof typeof versionTones)[];

export function CatalogView() {
	const t = useTranslations("catalog");
	const stateWords = useTranslations("versionState");
	const [filters, setFilter] = useFilters(filterNames);
	const setSearch = useCallback((value: string) => setFilter("q", value), [setFilter]);
	const trpc = useTRPC();
	const services = useQuery(trpc.service.list.queryOptions(pageOf(filters), { placeholderData: keepPreviousData }));
	const count = useQuery(trpc.service.count.queryOptions(questionOf(filters), { placeholderData: keepPreviousData })).data;
	useOverview();
	const shown = services.data;
	const environments = shown?.[0]?.environments.map((version) => version.environment) ?? [];
	const choices = environments.length > 0 || filters.environment === "" ? environments : [filters.environment];
	const isNew = count?.all === 0;
	const clear = () => {
		history.replaceState(null, "", "/catalog");
	};
	return (
		<>
			<PageHead
				title={t("title")}
				facts={count === undefined ? t("intro") : t(count.isMore ? "countMore" : "count", { shown: count.found, all: count.all })}
				actions={
					<>
						<FilterInput value={filters.q} onValue={setSearch} label={t("search")} />
						<FilterSelect
							label={t("environment")}
							all={t("allEnvironments")}
							value={filters.environment}
							onValue={(value) => setFilter("environment", value)}
							options={choices.map((name) => ({ value: name, label: name }))}
						/>
						<FilterSelect
							label={t("state")}
							all={t("allStates")}
							value={filters.state}
							onValue={(value) => setFilter("state", value)}
							options={states.map((state) => ({ value: state, label: stateWords(state) }))}
						/>
					</>
				}
			/>
			{services.isError && (
				<div className="mb-4">
					<Problem query={services} />
				</div>
			)}
			{isNew && <FirstSteps />}
			{shown?.length === 0 && count !== undefined && !isNew && (
				<Empty title={t("nothingFound")}>
					<div>
						<Button onClick={clear}>{t("clear")}</Button>
					</div>
				</Empty>
			)}
			{(shown === undefined ? !services.isError : shown.length > 0) && <Services services={shown} environments={environments} />}
			<Pager next={nextByName(shown)} />
		</>
	);
}

function Services({ services, environments }: { services: readonly ServiceRow[] | undefined; environments: readonly string[] }) {
	const t = useTranslations("catalog");
	return (
		<Table label={t("title")}>
			<HeadRow>
				<Head>{t("service")}</Head>
				{environments.map((name) => (
					<Head key={name}>{name}</Head>
				))}
				<Head>{t("owner")}</Head>
				<Head>{t("repository")}</Head>
			</HeadRow>
			<tbody>
				{services === undefined ? (
					<SkeletonRows rows={6} columns={5} />
				) : (
					services.map((service) => <ServiceLine key={service.name} service={service} environments={environments} />)
				)}
			</tbody>
		</Table>
	);
}

function ServiceLine({ service, environments }: { service: ServiceRow; environments: readonly string[] }) {
	const t = useTranslations("catalog");
	return (
		<Row>
			<Cell className="min-w-40">
				<Link href={addressOf.service(service.name)} prefetch={false} className="font-medium hover:text-accent hover:underline">
					{service.name}
				</Link>
				{service.description !== "" && <p className="max-w-md text-faint text-xs">{service.description}</p>}
			</Cell>
			{environments.map((name) => (
				<Cell key={name} className="min-w-44">
					<Version service={service} environment={name} />
				</Cell>
			))}
			<Cell className="whitespace-nowrap">{service.owner}</Cell>
			<Cell className="whitespace-nowrap">
				{service.repository === null ? (
					<span className="text-faint">{t("noRepository")}</span>
				) : (
					<Link href={addressOf.pipelinesOf(service.repository)} prefetch={false} className="hover:text-accent hover:underline">
						{service.repository}
					</Link>
				)}
			</Cell>
		</Row>
	);
}

function Version({ service, environment }: { service: ServiceRow; environment: string }) {
	const t = useTranslations("catalog");
	const version = service.environments.find((candidate) => candidate.environment === environment);
	if (version === undefined) return <span className="text-faint">{t("notDeclared")}</span>;
	return (
		<>
			<span className="flex flex-wrap items-center gap-x-3">
				<VersionStatus state={version.state} />
				{version.stable !== null && (
					<span className="whitespace-nowrap text-soft tabular">
						{t("release", { number: version.stable.number, healthy: version.healthy, declared: countedInstances(version) })}
					</span>
				)}
			</span>
			{version.rollout !== null && (
				<div className="mt-1 max-w-xs">
					<RolloutUnderWay rollout={version.rollout} isSmall />
				</div>
			)}
			{version.problem !== null && (
				<p className="max-w-xs text-soft text-xs">
					<Said text={version.problem} />
				</p>
			)}
		</>
	);
}
