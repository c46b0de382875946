import { describe, expect, it } from "vitest";
import { createLog } from "@/adapters/log/log";
import type { Measurement, ProxyMeasurements } from "@/domain/analysis/measurement";
import { AppError } from "@/domain/errors";
import type { MeasurementReport } from "@/domain/relay/protocol";
import { MeasurementReporter } from "./measurement-reporter";

const log = { ...createLog("agent"), warn() {} };
const start = 1_795_000_000_000;
const bucket = (atMs: number, release = 1): Measurement => ({
	...{ service: "orders", environment: "staging", release, atMs, requests: 1, failures: 0, latenciesUs: [7] },
});

function reporterOver(finished: ProxyMeasurements[][]) {
	const sent: MeasurementReport[] = [];
	const failing: { with: AppError | null } = { with: null };
	const relay = {
		async ask({ body }: { body?: unknown }) {
			if (failing.with) throw failing.with;
			sent.push(body as MeasurementReport);
			return null;
		},
	};
	return { sent, failing, reporter: new MeasurementReporter(relay, () => finished.shift() ?? [], log) };
}

const of = (...measurements: Measurement[]): ProxyMeasurements[] => [{ proxy: "h1/envoy-0", measurements }];

describe("what a host measured", () => {
	it("is kept while the relay is away, then told once, by proxy", async () => {
		const both = [...of(bucket(start)), { proxy: "h1/envoy-1", measurements: [bucket(start)] }];
		const { sent, failing, reporter } = reporterOver([both, of(bucket(start + 5_000))]);
		failing.with = new AppError("unavailable", "away");
		reporter.collect(start + 7_000);
		expect(await reporter.send()).toBe(false);
		reporter.collect(start + 12_000);
		failing.with = null;
		expect(await reporter.send()).toBe(true);
		expect(await reporter.send()).toBe(true);
		expect(sent.map((report) => report.proxies)).toEqual([
			[
				{ proxy: "h1/envoy-0", measurements: [bucket(start), bucket(start + 5_000)] },
				{ proxy: "h1/envoy-1", measurements: [bucket(start)] },
			],
		]);
	});

	it("is kept for ten minutes, and never more than memory allows", () => {
		const many = Array.from({ length: 20_500 }, (_, release) => bucket(start + 600_000, release));
		const { reporter } = reporterOver([of(bucket(start), bucket(start + 5_000)), of(), of(...many)]);
		expect(reporter.collect(start + 7_000)).toHaveLength(2);
		expect(reporter.collect(start + 600_000).map((one) => one.atMs)).toEqual([start + 5_000]);
		const kept = reporter.collect(start + 601_000);
		expect([kept.length, kept.at(-1)?.release]).toEqual([20_000, 20_499]);
	});

	it("is told also when it is nothing, but not all the time", async () => {
		const { sent, reporter } = reporterOver([]);
		expect(await reporter.send()).toBe(true);
		expect(await reporter.send()).toBe(true);
		expect(sent.map((report) => report.proxies)).toEqual([[]]);
	});

	it("is told in parts, and given up where the relay says that it is wrong", async () => {
		const many = Array.from({ length: 1_200 }, (_, release) => bucket(start, release));
		const { sent, failing, reporter } = reporterOver([of(...many), of(bucket(start))]);
		reporter.collect(start + 7_000);
		await reporter.send();
		expect(sent.map((report) => report.proxies[0]?.measurements.length)).toEqual([500, 500, 200]);
		failing.with = new AppError("invalid", "no");
		reporter.collect(start + 7_000);
		expect(await reporter.send()).toBe(true);
		expect(reporter.collect(start + 7_000)).toEqual([]);
	});
});
