/**
 * How probable it is that a fair draw of `total` with chance `share` is at least as far out as `seen`: the exact
 * two-sided binomial test (every outcome at most as probable as the one seen). Throws on numbers that mean nothing.
 */
export function binomialTest(seen: number, total: number, share: number): number {
	if (!Number.isInteger(total) || total < 1 || !Number.isInteger(seen) || seen < 0 || seen > total || !(share >= 0 && share <= 1))
		throw new Error(`${seen} of ${total} at a share of ${share} is no outcome of a draw.`);
	if (share === 0 || share === 1) return seen === total * share ? 1 : 0;
	const logs = logProbabilities(total, share);
	// Outcomes that are equally probable on both sides may differ in the last bits.
	const limit = (logs[seen] ?? 0) + 1e-7;
	const sum = logs.reduce((all, log) => (log <= limit ? all + Math.exp(log) : all), 0);
	return Math.min(1, sum);
}

/** Below this the declared weight did not hold: one chance in a million that it is an accident. */
export const leastProbability = 1e-6;

/** Of 0 to `total` hits, each from the one before: no factorial is ever formed. */
function logProbabilities(total: number, share: number): number[] {
	const odds = Math.log(share) - Math.log1p(-share);
	const logs = [total * Math.log1p(-share)];
	for (let hits = 1; hits <= total; hits++) {
		logs.push((logs[hits - 1] ?? 0) + Math.log(total - hits + 1) - Math.log(hits) + odds);
	}
	return logs;
}
