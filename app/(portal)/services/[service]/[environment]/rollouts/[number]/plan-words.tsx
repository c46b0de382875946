"use client";

import { useTranslations } from "next-intl";
import { useDuration } from "@/components/elapsed";
import type { CanaryStep } from "@/domain/manifest/model";
import type { RolloutPage } from "@/server/views";
import { useServerWords } from "../../../../../../status/server-words";
import { useMetricWords } from "./metric-words";

/** The plan as a person would say it, step by step. */
export function PlanWords({ plan }: { plan: RolloutPage["plan"] }) {
	const t = useTranslations("rollout.plan");
	const words = useStepWords();
	const serverWords = useServerWords();
	const metrics = useMetricWords();
	const length = useDuration();
	const { steps, analysis, approval, hasDowntime } = plan;
	const rules = (analysis?.rules ?? [])
		.map((rule) => `${metrics.name(rule.metric)} ${metrics.limit(rule, undefined)}`)
		.reduce((first, next) => (first === "" ? next : t("rules", { first, next })), "");
	return (
		<div className="grid gap-1 text-sm">
			{hasDowntime ? (
				<p className="text-waiting" data-testid="downtime">
					{t("downtime")}
				</p>
			) : steps.length === 0 ? (
				<p className="text-soft">{t("noSteps")}</p>
			) : (
				<ol className="list-decimal pl-5 marker:text-faint">
					{steps.map((step, index) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a plan's steps have a fixed order, and may repeat
						<li key={index}>{words(step)}</li>
					))}
					<li>{t("end")}</li>
				</ol>
			)}
			{analysis !== null && (
				<p className="text-soft">
					{t("analysis", { rules, interval: length(analysis.intervalMs), count: analysis.failureLimit })}
				</p>
			)}
			{approval !== null && (
				<p className="text-soft">{t("approval", { count: approval.count, role: serverWords.personRole(approval.role) })}</p>
			)}
		</div>
	);
}

function useStepWords(): (step: CanaryStep) => string {
	const t = useTranslations("rollout.plan");
	const length = useDuration();
	return (step) => {
		switch (step.kind) {
			case "weight":
				return t("weight", { weight: step.weight });
			case "pause":
				return step.durationMs === null ? t("untilPromoted") : t("pause", { length: length(step.durationMs) });
			case "analysis":
				return t("measure", { count: step.count });
		}
	};
}
