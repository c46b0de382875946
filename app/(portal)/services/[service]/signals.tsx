"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { CommandLine } from "@/components/command-line";
import { Section } from "@/components/section";
import { Skeleton } from "@/components/skeleton";
import { Sparkline } from "@/components/sparkline";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import type { MeasurementPoint } from "@/domain/analysis/measurement";
import { countedInstances } from "@/domain/version-state";
import type { RunningVersion, ServicePage } from "@/server/views";
import { addressOf } from "../../../frame/addresses";
import { Problem } from "../../../frame/problem";
import { VersionStatus } from "../../../status/status-words";
import { useTRPC } from "../../../trpc/client";

const span = "15m";
const spanSeconds = 15 * 60;
/** The proxies' counts come every 5 s. */
const refreshMs = 5_000;

/** How it is in each environment where something is released: health, traffic, failures, latency, and the way to its logs. */
export function Signals({ page }: { page: ServicePage }) {
	const t = useTranslations("signals");
	const released = page.environments.filter(({ stable }) => stable !== null);
	if (released.length === 0) return null;
	return (
		<Section title={t("title")}>
			<Table label={t("title")}>
				<HeadRow>
					<Head>{t("environment")}</Head>
					<Head>{t("health")}</Head>
					<Head>{t("rate")}</Head>
					<Head className="text-right">{t("errors")}</Head>
					<Head className="text-right">{t("p95")}</Head>
					<Head>
						<span className="sr-only">{t("more")}</span>
					</Head>
				</HeadRow>
				<tbody>
					{released.map((version) => (
						<SignalLine key={version.environment} service={page.name} version={version} />
					))}
				</tbody>
			</Table>
		</Section>
	);
}

function SignalLine({ service, version }: { service: string; version: RunningVersion }) {
	const t = useTranslations("signals");
	const { environment } = version;
	const query = useQuery({
		...useTRPC().measurement.list.queryOptions({ service, environment, span }),
		refetchInterval: refreshMs,
	});
	const points = query.data?.points;
	return (
		<Row>
			<Cell className="font-medium">{environment}</Cell>
			<Cell className="whitespace-nowrap">
				<span className="inline-flex flex-wrap items-center gap-x-3">
					<VersionStatus state={version.state} />
					<span className="text-soft tabular">
						{t("healthy", { healthy: version.healthy, declared: countedInstances(version) })}
					</span>
				</span>
			</Cell>
			{points !== undefined && points.length > 0 ? (
				<Numbers points={points} stepMs={query.data?.stepMs ?? 1} />
			) : (
				<Cell colSpan={3} className="min-w-64">
					{query.isError ? <Problem query={query} /> : points === undefined ? <Skeleton /> : <NoTraffic version={version} />}
				</Cell>
			)}
			<Cell className="whitespace-nowrap text-right">
				<span className="inline-flex gap-3">
					<Link
						href={addressOf.metricsOf(service, environment)}
						aria-label={t("metricsOf", { environment })}
						className="text-accent hover:underline"
					>
						{t("metrics")}
					</Link>
					<Link
						href={addressOf.logsOf(service, environment)}
						aria-label={t("logsOf", { environment })}
						className="text-accent hover:underline"
					>
						{t("logs")}
					</Link>
				</span>
			</Cell>
		</Row>
	);
}

function NoTraffic({ version }: { version: RunningVersion }) {
	const t = useTranslations("signals");
	const command = version.curl ?? (version.url === null ? null : `curl ${version.url}`);
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
			<p className="text-soft">{t("noTraffic")}</p>
			{command !== null && version.state !== "stopped" && <CommandLine commands={[command]} />}
		</div>
	);
}

/** All releases together: what its callers met. */
function Numbers({ points, stepMs }: { points: readonly MeasurementPoint[]; stepMs: number }) {
	const t = useTranslations("signals");
	const requests = points.reduce((sum, point) => sum + point.requests, 0);
	const failures = points.reduce((sum, point) => sum + point.failures, 0);
	const rates = [...Map.groupBy(points, ({ at }) => at.getTime())]
		.map(([x, own]) => ({ x, y: (own.reduce((sum, point) => sum + point.requests, 0) * 1_000) / stepMs }))
		.sort((a, b) => a.x - b.x);
	const slowest = points.reduce<number | null>((most, { p95Us }) => (p95Us === null ? most : Math.max(most ?? 0, p95Us)), null);
	const rate = t("perSecond", { value: requests / spanSeconds });
	return (
		<>
			<Cell>
				<span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
					<Sparkline points={rates} label={t("rateSaid", { rate })} />
					<span className="tabular">{rate}</span>
					<span className="text-faint text-xs tabular">{t("requests", { count: requests })}</span>
				</span>
			</Cell>
			<Cell className={failures > 0 ? "text-right text-failed tabular" : "text-right tabular"}>
				{t("share", { value: requests === 0 ? 0 : failures / requests })}
			</Cell>
			<Cell className="text-right tabular">{slowest === null ? "–" : t("milliseconds", { value: slowest / 1_000 })}</Cell>
		</>
	);
}
