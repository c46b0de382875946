/** What one proxy saw of one release in one bucket; the durations are a uniform sample, in random order. */
export interface SampledRequests {
	readonly requests: number;
	readonly latenciesUs: readonly number[];
}

/**
 * One sample of all requests of the parts, in which each request is equally likely to be: every part gives a share of
 * its sample in proportion to its requests. As large as the part sampled most thinly allows (never less than that
 * part's sample), and `most` at the most. Gives the same for the same parts in the same order, so evidence can be made
 * again; that is why a part's sample must come in random order: its beginning is then a sample too.
 */
export function mergeSamples(parts: readonly SampledRequests[], most: number): number[] {
	const sampled = parts.filter((part) => part.latenciesUs.length > 0);
	const total = sampled.reduce((sum, part) => sum + part.requests, 0);
	if (total === 0) return [];
	const share = sampled.reduce((least, part) => Math.min(least, part.latenciesUs.length / part.requests), most / total);
	let before = 0;
	return sampled.flatMap((part) => {
		// Rounded on the running sum: what many small parts lose to rounding, no other part gains.
		const first = Math.floor(before * share + 0.5);
		before += part.requests;
		return part.latenciesUs.slice(0, Math.floor(before * share + 0.5) - first);
	});
}

/** The value that `share` (0 to 1) of the sorted values do not exceed (nearest rank); null when there is none. */
export function quantile(sorted: readonly number[], share: number): number | null {
	return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
