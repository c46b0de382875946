"use client";

import { useTranslations } from "next-intl";
import { type ChartSeries, LineChart, rangeOf } from "@/components/line-chart";
import { useAbsoluteTime } from "@/components/time-ago";
import type { MetricRule } from "@/domain/manifest/model";
import { capAt } from "@/domain/rollout/stage";
import type { RolloutPage } from "@/server/views";
import { useMetricWords } from "./metric-words";

/** One metric over all measurements: both releases, and the limit that counted each time. */
export function AnalysisChart({ rule, rollout }: { rule: MetricRule; rollout: RolloutPage }) {
	const t = useTranslations("rollout.analysis");
	const words = useMetricWords();
	const absolute = useAbsoluteTime();
	const { metric } = rule;
	const runs = [...rollout.measurements].reverse();
	const values = runs.map(({ at, results }) => ({ x: at.getTime(), result: results.find((one) => one.metric === metric) }));
	const seriesOf = (key: "stable" | "candidate" | "limit", look: ChartSeries["look"]): ChartSeries => {
		const points = values.map(({ x, result }) => ({ x, y: result?.[key] ?? null }));
		const newest = points.findLast(({ y }) => y !== null)?.y ?? null;
		return { label: t(key), look, points, newest: words.value(metric, newest) };
	};
	const series = [seriesOf("limit", "limit"), seriesOf("stable", "cool"), seriesOf("candidate", "accent")];
	const known = series.flatMap(({ points }) => points.flatMap(({ y }) => (y === null ? [] : [y])));
	const marks = runs.flatMap(({ step, at }, index) => {
		const before = runs[index - 1];
		if (before === undefined || before.step === step) return [];
		const x = (before.at.getTime() + at.getTime()) / 2;
		return [{ x, label: t("mark", { step: step + 1, weight: capAt(rollout.plan.steps, step) }) }];
	});
	const [, stable, candidate] = series;
	if (stable?.points.every(({ y }) => y === null) && candidate?.points.every(({ y }) => y === null)) {
		return (
			<figure className="grid min-w-0 content-start gap-1.5">
				<figcaption className="font-medium text-sm">{words.name(metric)}</figcaption>
				<p className="text-soft text-sm">{t("noValues", { count: runs.length })}</p>
			</figure>
		);
	}
	return (
		<figure className="grid min-w-0 gap-1.5">
			<figcaption className="font-medium text-sm">{words.name(metric)}</figcaption>
			<LineChart
				series={series}
				range={rangeOf(known, metric === "success-rate" ? { floor: 0, ceiling: 1 } : { floor: 0 })}
				marks={marks}
				label={t("chart", {
					metric: words.name(metric),
					count: runs.length,
					candidate: candidate?.newest ?? "",
					stable: stable?.newest ?? "",
				})}
				formatY={(y) => words.value(metric, y)}
				formatX={(x) => absolute(new Date(x), "clock")}
			/>
		</figure>
	);
}
