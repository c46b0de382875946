/** Requests are counted in buckets of this length, aligned to the wall clock of the host. */
export const bucketMs = 5_000;

export function bucketStart(ms: number): number {
	return Math.floor(ms / bucketMs) * bucketMs;
}

/** What one proxy saw of one release in one finished bucket. */
export interface Measurement {
	readonly service: string;
	readonly environment: string;
	readonly release: number;
	/** Start of the bucket, in milliseconds since 1970; a multiple of `bucketMs`. */
	readonly atMs: number;
	/** Requests that ended in the bucket. */
	readonly requests: number;
	/** Of these: answered with 5xx, or not at all. */
	readonly failures: number;
	/** A uniform sample of the durations, in microseconds, at most 200, in random order. */
	readonly latenciesUs: readonly number[];
}

export interface ProxyMeasurements {
	/** `<host>/envoy-<n>` */
	readonly proxy: string;
	readonly measurements: readonly Measurement[];
}

/** One point of a chart: what all proxies saw of one release from `at` on, for one step of the chart. */
export interface MeasurementPoint {
	readonly release: number;
	readonly at: Date;
	readonly requests: number;
	readonly failures: number;
	/** null = no request. */
	readonly p50Us: number | null;
	readonly p95Us: number | null;
	readonly p99Us: number | null;
}
