import type { RecordedMeasurement } from "@/server/store/measurement";

/** Upper bounds in seconds; of the durations that are kept, each stands for its share of the bucket's requests. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** A release that got no request for so long is not told any more; Prometheus keeps what it has. */
const quietMs = 60 * 60_000;

interface Series {
	readonly labels: string;
	successes: number;
	failures: number;
	/** Of each bound: requests above the one before, and at most this one; the last is for all above. */
	readonly counts: number[];
	seconds: number;
	lastAt: number;
}

/** Requests by service, environment, release and proxy since this relay started, as Prometheus reads them. */
export class RequestMetrics {
	private readonly series = new Map<string, Series>();
	private readonly now: () => number;

	constructor(now: () => number) {
		this.now = now;
	}

	add(measured: RecordedMeasurement): void {
		const { service, environment, release, proxy } = measured;
		const labels = `service="${escaped(service)}",environment="${escaped(environment)}",release="${release}",proxy="${escaped(proxy)}"`;
		const series = this.series.get(labels) ?? {
			labels,
			successes: 0,
			failures: 0,
			counts: new Array<number>(bounds.length + 1).fill(0),
			seconds: 0,
			lastAt: 0,
		};
		this.series.set(labels, series);
		series.successes += measured.requests - measured.failures;
		series.failures += measured.failures;
		series.lastAt = this.now();
		const weight = measured.requests / measured.latenciesUs.length;
		for (const latencyUs of measured.latenciesUs) {
			const seconds = latencyUs / 1e6;
			const place = bounds.findIndex((bound) => seconds <= bound);
			const index = place === -1 ? bounds.length : place;
			series.counts[index] = (series.counts[index] ?? 0) + weight;
			series.seconds += seconds * weight;
		}
	}

	/** Prometheus' text format. */
	text(): string {
		for (const [key, { lastAt }] of this.series) if (lastAt < this.now() - quietMs) this.series.delete(key);
		const all = [...this.series.values()];
		return [
			"# HELP sluice_proxy_requests_total Requests that proxies finished; failure = answered with 5xx, or not at all.",
			"# TYPE sluice_proxy_requests_total counter",
			...all.flatMap(({ labels, successes, failures }) => [
				`sluice_proxy_requests_total{${labels},outcome="success"} ${successes}`,
				`sluice_proxy_requests_total{${labels},outcome="failure"} ${failures}`,
			]),
			"# HELP sluice_proxy_request_duration_seconds First byte of the request to last byte of the answer, from samples.",
			"# TYPE sluice_proxy_request_duration_seconds histogram",
			...all.flatMap(histogramOf),
			"",
		].join("\n");
	}
}

function histogramOf({ labels, counts, seconds }: Series): string[] {
	const name = "sluice_proxy_request_duration_seconds";
	let sum = 0;
	const buckets = counts.map((count, index) => {
		sum += count;
		return `${name}_bucket{${labels},le="${bounds[index] ?? "+Inf"}"} ${Math.round(sum)}`;
	});
	return [...buckets, `${name}_sum{${labels}} ${seconds}`, `${name}_count{${labels}} ${Math.round(sum)}`];
}

function escaped(value: string): string {
	return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
