"use client";

import { useTranslations } from "next-intl";
import { useList } from "@/components/list";
import type { MetricResult } from "@/domain/analysis/judge";
import type { Metric, MetricRule } from "@/domain/manifest/model";

interface MetricWords {
	name(metric: Metric): string;
	/** Shares in %, latencies in ms; a dash where there is no value. */
	value(metric: Metric, value: number | null | undefined): string;
	/** The limit that counted; before one did, the rule's own. */
	limit(rule: MetricRule, result: MetricResult | undefined): string;
}

export function useMetricWords(): MetricWords {
	const t = useTranslations("rollout.analysis");
	const list = useList();
	const shown = (metric: Metric, value: number | null | undefined): string => {
		if (value === null || value === undefined) return t("noValue");
		return metric === "success-rate" ? t("percent", { value: value * 100 }) : t("ms", { value: value / 1000 });
	};
	const bound = (metric: Metric, value: string) => (metric === "success-rate" ? t("least", { value }) : t("most", { value }));
	return {
		name: (metric) => t(`metric.${metric}`),
		value: shown,
		limit: (rule, result) => {
			const { metric, min, max, maxUnderStable, maxOverStable } = rule;
			if (result && result.limit !== null) return bound(metric, shown(metric, result.limit));
			const absolute = min ?? max;
			const parts = [
				absolute === null ? null : bound(metric, shown(metric, absolute)),
				maxUnderStable === null ? null : t("underStable", { points: maxUnderStable * 100 }),
				maxOverStable === null ? null : t("overStable", { percent: maxOverStable * 100 }),
			];
			return list(parts.filter((part) => part !== null));
		},
	};
}
