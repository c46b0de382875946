/** What the proxies saw of one release in a span of time, summed over all of them. */
export interface ReleaseMeasurement {
	/** Requests that ended in the span. */
	readonly requests: number;
	/** Of these: answered with 5xx, or not at all. */
	readonly failures: number;
	/** A uniform sample of the durations of these requests, in microseconds, in no order; empty when there is none. */
	readonly latenciesUs: readonly number[];
}
