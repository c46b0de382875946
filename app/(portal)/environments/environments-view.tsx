"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { Empty } from "@/components/empty";
import { SkeletonRows } from "@/components/skeleton";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { matrixShows } from "@/domain/environment/show";
import type { EnvironmentMatrix } from "@/server/views";
import { addressOf } from "../../frame/addresses";
import { FilterInput } from "../../frame/filter-input";
import { FilterSelect } from "../../frame/filter-select";
import { PageHead } from "../../frame/page-head";
import { Pager } from "../../frame/pager";
import { nextByName } from "../../frame/paging";
import { Problem } from "../../frame/problem";
import { useFilters } from "../../frame/use-filters";
import { useOverview } from "../../live/use-overview";
import { FrozenStatus } from "../../status/frozen";
import { useTRPC } from "../../trpc/client";
import { CopyCommand } from "../../verbs/copy-command";
import { FirstSteps } from "../create/first-steps";
import { filterNames, pageOf } from "./filter";
import { Freezes } from "./freezes";
import { MatrixVersion } from "./matrix-version";

/** A freeze begins and ends by the clock, which no event tells. */
const lookAgainMs = 20_000;

/** Every service by every environment: what is stable, what moves, what one has that the next has not. */
export function EnvironmentsView() {
	const t = useTranslations("environments");
	const [filters, setFilter] = useFilters(filterNames);
	const setSearch = useCallback((value: string) => setFilter("q", value), [setFilter]);
	const matrix = useQuery(
		useTRPC().environment.matrix.queryOptions(pageOf(filters), {
			refetchInterval: lookAgainMs,
			placeholderData: keepPreviousData,
		}),
	);
	useOverview();
	const shown = matrix.data?.services;
	const count = matrix.data?.count;
	const isNew = count?.all === 0;
	const names = matrix.data?.environments.map(({ name }) => name) ?? [];
	return (
		<>
			<PageHead
				title={t("title")}
				facts={count === undefined ? t("intro") : t(count.isMore ? "countMore" : "count", { shown: count.found, all: count.all })}
				actions={
					<>
						<FilterInput value={filters.q} onValue={setSearch} label={t("search")} />
						<FilterSelect
							label={t("show")}
							all={t("showAll")}
							value={filters.show}
							onValue={(value) => setFilter("show", value)}
							options={matrixShows.map((name) => ({ value: name, label: t(`shows.${name}`) }))}
						/>
						<FilterSelect
							label={t("environment")}
							all={t("allEnvironments")}
							value={filters.environment}
							onValue={(value) => setFilter("environment", value)}
							options={names.map((name) => ({ value: name, label: name }))}
						/>
						<CopyCommand command="./sluice environment list" />
					</>
				}
			/>
			<div className="grid grid-cols-[minmax(0,1fr)] gap-8">
				{matrix.isError && <Problem query={matrix} />}
				{isNew && <FirstSteps />}
				{shown?.length === 0 && !isNew && (
					<Empty title={t("nothingFound")}>
						<div>
							<Link href="/environments" className="text-accent hover:underline">
								{t("clear")}
							</Link>
						</div>
					</Empty>
				)}
				{(shown === undefined ? !matrix.isError : shown.length > 0) && (
					<div>
						<Matrix lines={shown} environments={matrix.data?.environments} only={filters.environment} />
						<Pager next={nextByName(shown)} />
					</div>
				)}
				<Freezes environments={names} />
			</div>
		</>
	);
}

interface MatrixProps {
	/** undefined = not known yet. */
	lines: EnvironmentMatrix["services"] | undefined;
	environments: EnvironmentMatrix["environments"] | undefined;
	/** The one that is shown; "" = all. */
	only: string;
}

function Matrix({ lines, environments = [], only }: MatrixProps) {
	const t = useTranslations("environments");
	const isOn = (name: string) => only === "" || only === name;
	return (
		<Table label={t("title")}>
			<HeadRow>
				<Head>{t("service")}</Head>
				{environments
					.filter(({ name }) => isOn(name))
					.map(({ name, frozen }) => (
						<Head key={name}>
							<span className="inline-flex items-center gap-2">
								{name}
								{frozen !== null && <FrozenStatus frozen={frozen} />}
							</span>
						</Head>
					))}
			</HeadRow>
			<tbody>
				{lines === undefined ? (
					<SkeletonRows rows={6} columns={3} />
				) : (
					lines.map((line) => (
						<Row key={line.name}>
							<Cell className="min-w-32">
								<Link href={addressOf.service(line.name)} className="font-medium hover:text-accent hover:underline">
									{line.name}
								</Link>
								{line.owner !== "" && <p className="text-faint text-xs">{line.owner}</p>}
							</Cell>
							{line.cells
								.map((cell, index) => ({ cell, before: line.cells[index - 1]?.stable ?? null }))
								.filter(({ cell }) => isOn(cell.environment))
								.map(({ cell, before }) => (
									<Cell key={cell.environment} className="min-w-56">
										<MatrixVersion service={line.name} cell={cell} before={before} />
									</Cell>
								))}
						</Row>
					))
				)}
			</tbody>
		</Table>
	);
}
