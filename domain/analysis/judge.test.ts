import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "@/domain/analysis/judge";
import type { ReleaseMeasurement } from "@/domain/analysis/model";
import type { AnalysisSpec, MetricRule } from "@/domain/manifest/model";

const none = { min: null, maxUnderStable: null, max: null, maxOverStable: null };
const successRate: MetricRule = { ...none, metric: "success-rate", min: 0.99 };
const p95: MetricRule = { ...none, metric: "latency-p95", max: 200_000, maxOverStable: 0.5 };

function spec(...rules: MetricRule[]): AnalysisSpec {
	return { intervalMs: 10_000, windowMs: 60_000, minRequests: 50, failureLimit: 0, inconclusiveLimit: 5, rules };
}

function seen(requests: number, failures = 0, latencyUs = 10_000): ReleaseMeasurement {
	return { requests, failures, latenciesUs: Array.from({ length: Math.min(requests, 100) }, () => latencyUs) };
}

describe("judging a candidate", () => {
	it("fails one that answers 500 to a fifth of its requests, and says the numbers", () => {
		const { verdict, sentence } = judge(spec(successRate), seen(500, 100), seen(4_500));
		expect(verdict).toBe("failed");
		expect(sentence).toBe(
			"success-rate of the candidate is 80 % (100 of 500 requests failed), below the limit of 99 %; the stable release has 100 %",
		);
	});

	it("never calls too few requests a success, however good they are", () => {
		fc.assert(
			fc.property(fc.nat(49), fc.nat(10_000), (requests, others) => {
				expect(judge(spec(successRate, p95), seen(requests), seen(others)).verdict).toBe("inconclusive");
			}),
		);
	});

	it("cannot compare with a stable release that got no requests, but fails what is bad by itself", () => {
		expect(judge(spec(p95), seen(100, 0, 10_000), seen(0)).verdict).toBe("inconclusive");
		expect(judge(spec(p95), seen(100, 0, 300_000), seen(0)).verdict).toBe("failed");
	});

	it("compares with the stable release: half as slow again is the limit", () => {
		expect(judge(spec(p95), seen(100, 0, 14_000), seen(100, 0, 10_000)).verdict).toBe("successful");
		const { verdict, sentence } = judge(spec(p95), seen(100, 0, 16_000), seen(100, 0, 10_000));
		expect(verdict).toBe("failed");
		expect(sentence).toContain("16 ms, above the limit of 15 ms; the stable release has 10 ms");
	});

	it("calls numbers that cannot be an error, not a bad release", () => {
		expect(judge(spec(successRate), { requests: 100, failures: 200, latenciesUs: [] }, seen(100)).verdict).toBe("error");
		expect(judge(spec(p95), { requests: 100, failures: 0, latenciesUs: [Number.NaN] }, seen(100)).verdict).toBe("error");
	});

	it("lets the worst metric decide", () => {
		fc.assert(
			fc.property(fc.nat(500), fc.nat(500), fc.nat(400_000), (requests, failures, latency) => {
				const measured = seen(requests + failures, failures, latency);
				const both = judge(spec(successRate, p95), measured, seen(1_000));
				const verdicts = both.results.map((result) => result.verdict);
				expect(both.verdict === "successful").toBe(verdicts.every((verdict) => verdict === "successful"));
				expect(both.verdict === "failed").toBe(verdicts.includes("failed"));
			}),
		);
	});
});
