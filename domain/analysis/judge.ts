import type { ReleaseMeasurement } from "@/domain/analysis/model";
import type { AnalysisSpec, MetricRule } from "@/domain/manifest/model";

export type Verdict = "successful" | "failed" | "inconclusive" | "error";

/** One metric of one measurement, kept as evidence. Shares are 0 to 1, latencies microseconds; null = no value. */
export interface MetricResult {
	readonly metric: MetricRule["metric"];
	readonly candidate: number | null;
	readonly stable: number | null;
	/** The limit that counted, in the metric's own unit; null = none could be made out. */
	readonly limit: number | null;
	readonly verdict: Verdict;
	/** What was seen against what was allowed. */
	readonly sentence: string;
	/** How many requests each value comes from; left out of evidence older than this field. */
	readonly requests?: { readonly candidate: number; readonly stable: number };
}

export interface Measurement {
	readonly verdict: Verdict;
	readonly sentence: string;
	readonly results: readonly MetricResult[];
}

/**
 * Judges a candidate by its rules. The worst metric decides: failed, then error, then inconclusive; "not enough data"
 * is inconclusive and never successful. Numbers that cannot be are an error, not a verdict about the release.
 */
export function judge(spec: AnalysisSpec, candidate: ReleaseMeasurement, stable: ReleaseMeasurement): Measurement {
	const nonsense = nonsenseOf("candidate", candidate) ?? nonsenseOf("stable", stable);
	const requests = { candidate: candidate.requests, stable: stable.requests };
	const results = spec.rules.map((rule) => ({
		...(nonsense ? broken(rule, nonsense) : judgeRule(rule, spec, candidate, stable)),
		requests,
	}));
	const worst = (["failed", "error", "inconclusive"] as const).find((verdict) => results.some((one) => one.verdict === verdict));
	const verdict = worst ?? (results.length > 0 ? "successful" : "inconclusive");
	const telling = results.filter((one) => one.verdict === verdict).map((one) => one.sentence);
	return { verdict, sentence: [...new Set(telling)].join("; ") || "nothing is measured", results };
}

function nonsenseOf(whose: string, { requests, failures, latenciesUs }: ReleaseMeasurement): string | null {
	const isCount = (value: number) => Number.isInteger(value) && value >= 0;
	if (!isCount(requests) || !isCount(failures) || failures > requests)
		return `the ${whose}'s numbers cannot be: ${failures} failures of ${requests} requests`;
	if (latenciesUs.some((latency) => !Number.isFinite(latency) || latency < 0))
		return `the ${whose}'s durations cannot be: one of them is no time`;
	return null;
}

function broken({ metric }: MetricRule, sentence: string): MetricResult {
	return { metric, candidate: null, stable: null, limit: null, verdict: "error", sentence };
}

function judgeRule(
	rule: MetricRule,
	spec: AnalysisSpec,
	candidate: ReleaseMeasurement,
	stable: ReleaseMeasurement,
): MetricResult {
	const seen = metricOf(rule, candidate);
	const compared = metricOf(rule, stable);
	const { metric } = rule;
	const rest = { metric, candidate: seen, stable: compared };
	if (candidate.requests < spec.minRequests || seen === null) {
		const sentence = `not enough requests: ${candidate.requests} of ${spec.minRequests} needed`;
		return { ...rest, limit: null, verdict: "inconclusive", sentence };
	}
	const needsStable = rule.maxUnderStable !== null || rule.maxOverStable !== null;
	const absolute = limitOf(rule, null);
	const hasFailedAbsolutely = absolute !== null && isBeyond(rule, seen, absolute);
	if (needsStable && !hasFailedAbsolutely && (stable.requests < spec.minRequests || compared === null)) {
		const sentence = `not enough requests on the stable release to compare with: ${stable.requests} of ${spec.minRequests} needed`;
		return { ...rest, limit: absolute, verdict: "inconclusive", sentence };
	}
	const limit = hasFailedAbsolutely ? absolute : limitOf(rule, compared);
	if (limit === null) return { ...rest, limit, verdict: "error", sentence: `${metric} has no limit` };
	const isBad = isBeyond(rule, seen, limit);
	const order = metric === "success-rate" ? (isBad ? "below" : "at least") : isBad ? "above" : "at most";
	const counts = metric === "success-rate" ? ` (${candidate.failures} of ${candidate.requests} requests failed)` : "";
	const beside = compared === null ? "" : `; the stable release has ${shown(rule, compared)}`;
	const sentence = `${metric} of the candidate is ${shown(rule, seen)}${counts}, ${order} the limit of ${shown(rule, limit)}${beside}`;
	return { ...rest, limit, verdict: isBad ? "failed" : "successful", sentence };
}

const quantiles = { "latency-p50": 0.5, "latency-p95": 0.95, "latency-p99": 0.99 } as const;

function metricOf({ metric }: MetricRule, { requests, failures, latenciesUs }: ReleaseMeasurement): number | null {
	if (metric === "success-rate") return requests === 0 ? null : 1 - failures / requests;
	const sorted = [...latenciesUs].sort((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil(quantiles[metric] * sorted.length) - 1)] ?? null;
}

/** The strictest of the rule's limits; without the stable release's value only the absolute ones. */
function limitOf(rule: MetricRule, stable: number | null): number | null {
	if (rule.metric === "success-rate") {
		const relative = rule.maxUnderStable !== null && stable !== null ? stable - rule.maxUnderStable : null;
		return strictest([rule.min, relative], Math.max);
	}
	const relative = rule.maxOverStable !== null && stable !== null ? stable * (1 + rule.maxOverStable) : null;
	return strictest([rule.max, relative], Math.min);
}

function strictest(limits: readonly (number | null)[], pick: (...values: number[]) => number): number | null {
	const known = limits.filter((limit) => limit !== null);
	return known.length === 0 ? null : pick(...known);
}

/** What is as good as the limit is good; the last digits of a division are nobody's fault. */
function isBeyond({ metric }: MetricRule, value: number, limit: number): boolean {
	return metric === "success-rate" ? value < limit - 1e-12 : value > limit;
}

function shown({ metric }: MetricRule, value: number): string {
	return metric === "success-rate" ? `${Math.round(value * 10_000) / 100} %` : `${Math.round(value / 10) / 100} ms`;
}
