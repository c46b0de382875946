import type { AnalysisSettings, DeliveryDocument, EnvironmentSettings, StepSettings } from "@/domain/manifest/documents";
import {
	type AnalysisSpec,
	type ApprovalSpec,
	type CanaryStep,
	type MetricRule,
	metrics,
	type RollingStrategy,
	type Strategy,
} from "@/domain/manifest/model";
import { countOf, millisecondsOf } from "@/domain/manifest/quantity";

const strategyDefaults = {
	maxSurge: "100%",
	maxUnavailable: 0,
	interval: "10s",
	window: "1m",
	minRequests: 50,
	failureLimit: 0,
	inconclusiveLimit: 5,
	analysisCount: 2,
	approvalCount: 1,
	approvalRole: "approver",
	approvalExpires: "24h",
} as const;

/** The environment's own strategy, else the service's. */
export function strategyOf(delivery: DeliveryDocument | null, own: EnvironmentSettings, instances: number): Strategy {
	const settings = own.strategy ?? delivery?.strategy;
	if (settings?.canary) {
		const isMeasured = (own.analysis ?? delivery?.analysis) !== undefined;
		return {
			kind: "canary",
			steps: isMeasured ? measured(settings.canary.steps.map(stepOf)) : settings.canary.steps.map(stepOf),
		};
	}
	return settings?.recreate ? { kind: "recreate" } : rollingOf(settings?.rolling ?? {}, instances);
}

export function rollingOf(
	settings: { readonly maxSurge?: string | number; readonly maxUnavailable?: string | number },
	instances: number,
): RollingStrategy {
	return {
		kind: "rolling",
		maxSurge: countOf(settings.maxSurge ?? strategyDefaults.maxSurge, instances),
		maxUnavailable: countOf(settings.maxUnavailable ?? strategyDefaults.maxUnavailable, instances),
	};
}

function stepOf(step: StepSettings): CanaryStep {
	if (step.setWeight !== undefined) return { kind: "weight", weight: step.setWeight };
	if (step.pause) return { kind: "pause", durationMs: step.pause.duration ? millisecondsOf(step.pause.duration) : null };
	return { kind: "analysis", count: step.analysis?.count ?? strategyDefaults.analysisCount };
}

/** Where an analysis is declared, no weight is left for a higher one before it was judged. */
function measured(steps: readonly CanaryStep[]): CanaryStep[] {
	const result: CanaryStep[] = [];
	let isUnjudged = false;
	const judge = (): void => {
		if (isUnjudged) result.push({ kind: "analysis", count: strategyDefaults.analysisCount });
		isUnjudged = false;
	};
	for (const step of steps) {
		if (step.kind === "weight") judge();
		result.push(step);
		if (step.kind === "weight") isUnjudged = step.weight > 0 && step.weight < 100;
		if (step.kind === "analysis") isUnjudged = false;
	}
	judge();
	return result;
}

export function analysisOf(settings: AnalysisSettings | undefined): AnalysisSpec | null {
	if (!settings) return null;
	const rules = metrics.flatMap((metric): MetricRule[] => {
		const rule = settings.metrics[metric];
		if (!rule) return [];
		return [
			{
				metric,
				min: shareOf(rule.min),
				maxUnderStable: shareOf(rule.maxUnderStable),
				max: rule.max === undefined ? null : millisecondsOf(rule.max) * 1_000,
				maxOverStable: shareOf(rule.maxOverStable),
			},
		];
	});
	return {
		intervalMs: millisecondsOf(settings.interval ?? strategyDefaults.interval),
		windowMs: millisecondsOf(settings.window ?? strategyDefaults.window),
		minRequests: settings.minRequests ?? strategyDefaults.minRequests,
		failureLimit: settings.failureLimit ?? strategyDefaults.failureLimit,
		inconclusiveLimit: settings.inconclusiveLimit ?? strategyDefaults.inconclusiveLimit,
		rules,
	};
}

/** `99.5%` as 0.995. */
function shareOf(percent: string | undefined): number | null {
	return percent === undefined ? null : Number(percent.slice(0, -1)) / 100;
}

export function approvalOf(settings: EnvironmentSettings["approvals"]): ApprovalSpec | null {
	if (!settings) return null;
	return {
		count: settings.count ?? strategyDefaults.approvalCount,
		role: settings.role ?? strategyDefaults.approvalRole,
		expiresMs: millisecondsOf(settings.expires ?? strategyDefaults.approvalExpires),
	};
}
