"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { CommandLine } from "@/components/command-line";
import { Empty } from "@/components/empty";
import { Select } from "@/components/input";
import { type ChartSeries, LineChart, rangeOf } from "@/components/line-chart";
import { Skeleton } from "@/components/skeleton";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { useAbsoluteTime } from "@/components/time-ago";
import type { MeasurementPoint } from "@/domain/analysis/measurement";
import type { ServicePage } from "@/server/views";
import { Problem } from "../../../frame/problem";
import { useFilters } from "../../../frame/use-filters";
import { useTRPC } from "../../../trpc/client";

const spans = ["15m", "1h", "6h"] as const;
/** The proxies' counts come every 5 s. */
const refreshMs = 5_000;

/** What the proxies saw of each release: how much, how well, how fast. */
export function Metrics({ page }: { page: ServicePage }) {
	const t = useTranslations("metrics");
	const [filters, setFilter] = useFilters(["environment", "span"]);
	const names = page.environments.map((version) => version.environment);
	const environment = names.find((name) => name === filters.environment) ?? names[0] ?? "";
	const span = spans.find((name) => name === filters.span) ?? "15m";
	const query = useQuery({
		...useTRPC().measurement.list.queryOptions({ service: page.name, environment, span }),
		refetchInterval: refreshMs,
	});
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] gap-6">
			<div className="flex flex-wrap gap-2">
				<Select
					aria-label={t("environment")}
					value={environment}
					onChange={(event) => setFilter("environment", event.target.value)}
				>
					{names.map((name) => (
						<option key={name} value={name}>
							{name}
						</option>
					))}
				</Select>
				<Select aria-label={t("span")} value={span} onChange={(event) => setFilter("span", event.target.value)}>
					{spans.map((name) => (
						<option key={name} value={name}>
							{t(`spans.${name}`)}
						</option>
					))}
				</Select>
			</div>
			{query.isError && <Problem query={query} />}
			{query.data === undefined && !query.isError && <Skeleton className="h-64" />}
			{query.data?.points.length === 0 && <Nothing page={page} environment={environment} />}
			{query.data !== undefined && query.data.points.length > 0 && (
				<Charts points={query.data.points} stepMs={query.data.stepMs} />
			)}
		</div>
	);
}

function Nothing({ page, environment }: { page: ServicePage; environment: string }) {
	const t = useTranslations("metrics");
	const version = page.environments.find((one) => one.environment === environment);
	const command = version?.curl ?? (version?.url ? `curl ${version.url}` : null);
	return <Empty title={t("empty")}>{command !== null && <CommandLine commands={[command]} />}</Empty>;
}

interface Chart {
	readonly key: "rate" | "errors" | "p50" | "p95" | "p99";
	readonly value: (point: MeasurementPoint) => number | null;
}

function Charts({ points, stepMs }: { points: readonly MeasurementPoint[]; stepMs: number }) {
	const t = useTranslations("metrics");
	const absolute = useAbsoluteTime();
	const releases = [...new Set(points.map(({ release }) => release))].sort((a, b) => a - b);
	const milliseconds = (us: number | null) => (us === null ? null : us / 1_000);
	const charts: readonly Chart[] = [
		{ key: "rate", value: ({ requests }) => (requests * 1_000) / stepMs },
		{ key: "errors", value: ({ requests, failures }) => (requests === 0 ? null : failures / requests) },
		{ key: "p50", value: ({ p50Us }) => milliseconds(p50Us) },
		{ key: "p95", value: ({ p95Us }) => milliseconds(p95Us) },
		{ key: "p99", value: ({ p99Us }) => milliseconds(p99Us) },
	];
	const seriesOf = ({ key, value }: Chart): ChartSeries[] =>
		// Two lines can be told apart; older releases of the span are in the table.
		releases.slice(-2).map((release, index, shown) => {
			const own = points
				.filter((point) => point.release === release)
				.map((point) => ({ x: point.at.getTime(), y: value(point) }));
			const newest = own.at(-1)?.y ?? null;
			const look = index === shown.length - 1 ? "accent" : "cool";
			return {
				label: t("release", { number: release }),
				look,
				points: own,
				newest: newest === null ? "–" : t(`value.${key}`, { value: newest }),
			};
		});
	return (
		<>
			<div className="grid gap-x-8 gap-y-6 md:grid-cols-2">
				{charts.map((chart) => {
					const series = seriesOf(chart);
					const known = series.flatMap((one) => one.points.flatMap(({ y }) => (y === null ? [] : [y])));
					return (
						<figure key={chart.key} className="grid min-w-0 gap-1.5">
							<figcaption className="font-medium text-sm">{t(`chart.${chart.key}`)}</figcaption>
							<LineChart
								series={series}
								range={rangeOf(known, chart.key === "errors" ? { floor: 0, ceiling: 1 } : { floor: 0 })}
								label={`${t(`chart.${chart.key}`)}: ${series.map((one) => `${one.label} ${one.newest}`).join(", ")}`}
								formatY={(y) => t(`value.${chart.key}`, { value: y })}
								formatX={(x) => absolute(new Date(x), "clock")}
							/>
						</figure>
					);
				})}
			</div>
			<Totals points={points} releases={releases} />
		</>
	);
}

/** The same in numbers, by release. */
function Totals({ points, releases }: { points: readonly MeasurementPoint[]; releases: readonly number[] }) {
	const t = useTranslations("metrics");
	return (
		<Table label={t("totals")}>
			<HeadRow>
				<Head>{t("column.release")}</Head>
				<Head className="text-right">{t("column.requests")}</Head>
				<Head className="text-right">{t("column.failures")}</Head>
				<Head className="text-right">{t("column.share")}</Head>
			</HeadRow>
			<tbody>
				{[...releases].reverse().map((release) => {
					const own = points.filter((point) => point.release === release);
					const requests = own.reduce((sum, point) => sum + point.requests, 0);
					const failures = own.reduce((sum, point) => sum + point.failures, 0);
					return (
						<Row key={release}>
							<Cell>{t("release", { number: release })}</Cell>
							<Cell className="text-right tabular">{t("count", { count: requests })}</Cell>
							<Cell className="text-right tabular">{t("count", { count: failures })}</Cell>
							<Cell className="text-right tabular">{t("value.errors", { value: requests === 0 ? 0 : failures / requests })}</Cell>
						</Row>
					);
				})}
			</tbody>
		</Table>
	);
}
