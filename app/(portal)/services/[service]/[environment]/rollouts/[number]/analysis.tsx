"use client";

import { useTranslations } from "next-intl";
import { useDuration } from "@/components/elapsed";
import { Section } from "@/components/section";
import { Status, type Tone } from "@/components/status";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import type { MetricResult, Verdict } from "@/domain/analysis/judge";
import type { MetricRule } from "@/domain/manifest/model";
import { endedStates } from "@/domain/rollout/model";
import type { RolloutPage } from "@/server/views";
import { Said } from "../../../../../../i18n/said/said";
import { AnalysisChart } from "./analysis-chart";
import { Evidence } from "./evidence";
import { useMetricWords } from "./metric-words";

/** Too little to judge by, and numbers that cannot be, are never told in the colour of success. */
const verdictTones: Record<Verdict, Tone> = {
	successful: "healthy",
	failed: "failed",
	inconclusive: "unknown",
	error: "degraded",
};

/** The candidate beside the stable release, metric by metric: the newest measurement, its course, and all evidence. */
export function Analysis({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout.analysis");
	const length = useDuration();
	const { analysis } = rollout.plan;
	if (analysis === null) return null;
	const { intervalMs, windowMs, minRequests, rules } = analysis;
	const [newest] = rollout.measurements;
	const how = t("how", { interval: length(intervalMs), window: length(windowMs), count: minRequests });
	return (
		<Section title={t("title")} aside={<span className="tabular">{how}</span>}>
			{newest === undefined ? (
				<p className="mb-2 text-soft text-sm">{endedStates.includes(rollout.state) ? t("never") : t("notYet")}</p>
			) : (
				<p className="mb-2 flex flex-wrap items-baseline gap-x-2">
					<span className="font-medium">{t("number", { number: newest.number })}</span>
					<VerdictStatus verdict={newest.verdict} />
					<span className="min-w-0 text-soft break-words">
						<Said text={newest.sentence} />
					</span>
				</p>
			)}
			<Table label={t("title")}>
				<HeadRow>
					<Head>{t("metricHead")}</Head>
					<Head className="text-right">
						<span className="text-stable">{t("stable")}</span>
					</Head>
					<Head className="text-right">
						<span className="text-accent">{t("candidate")}</span>
					</Head>
					<Head className="text-right">{t("limit")}</Head>
					<Head>{t("verdict")}</Head>
				</HeadRow>
				<tbody>
					{rules.map((rule) => (
						<MetricLine key={rule.metric} rule={rule} result={newest?.results.find((one) => one.metric === rule.metric)} />
					))}
				</tbody>
			</Table>
			{newest !== undefined && (
				<>
					<div className="mt-5 grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-6 lg:grid-cols-2">
						{rules.map((rule) => (
							<AnalysisChart key={rule.metric} rule={rule} rollout={rollout} />
						))}
					</div>
					<Evidence rollout={rollout} />
				</>
			)}
		</Section>
	);
}

function MetricLine({ rule, result }: { rule: MetricRule; result: MetricResult | undefined }) {
	const t = useTranslations("rollout.analysis");
	const words = useMetricWords();
	const { metric } = rule;
	return (
		<Row>
			<Cell className="font-medium whitespace-nowrap">{words.name(metric)}</Cell>
			<Cell className="text-right whitespace-nowrap">
				{words.value(metric, result?.stable)}
				<Requests count={result?.requests?.stable} />
			</Cell>
			<Cell className="text-right whitespace-nowrap">
				{words.value(metric, result?.candidate)}
				<Requests count={result?.requests?.candidate} />
			</Cell>
			<Cell className="text-right whitespace-nowrap">{words.limit(rule, result)}</Cell>
			<Cell className="min-w-56">
				{result === undefined ? (
					<Status tone="stopped" label={t("notMeasured")} />
				) : (
					<>
						<VerdictStatus verdict={result.verdict} />
						{result.verdict !== "successful" && (
							<p className="text-soft text-xs break-words">
								<Said text={result.sentence} />
							</p>
						)}
					</>
				)}
			</Cell>
		</Row>
	);
}

function Requests({ count }: { count: number | undefined }) {
	const t = useTranslations("rollout.analysis");
	return count === undefined ? null : <p className="text-faint text-xs">{t("requests", { count })}</p>;
}

export function VerdictStatus({ verdict }: { verdict: Verdict }) {
	const t = useTranslations("verdict");
	return <Status tone={verdictTones[verdict]} label={t(verdict)} />;
}
