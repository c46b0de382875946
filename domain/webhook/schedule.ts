/**
 * How long after each failed attempt the next one comes, as Standard Webhooks recommends it, within about a day: nine
 * attempts over 23.6 hours. After the last one the delivery is given up, and says so.
 */
const delaysMs = [5_000, 60_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 5 * 3_600_000, 8 * 3_600_000, 8 * 3_600_000] as const;

/** Receivers that fail together are not asked again together. */
const jitter = 0.2;
/** A receiver may ask for more time, but not for ever. */
const longestAskedMs = 8 * 3_600_000;

export const mostAttempts = delaysMs.length + 1;

/** `failed` = attempts so far; `random` in [0, 1); null = it is given up. `askedMs` is the answer's Retry-After. */
export function nextDelayMs(failed: number, random: number, askedMs: number | null = null): number | null {
	const delay = delaysMs[failed - 1];
	if (delay === undefined) return null;
	const spread = Math.round(delay * (1 + jitter * (2 * random - 1)));
	return Math.max(spread, Math.min(askedMs ?? 0, longestAskedMs));
}

/** How often the fetch that a received push asks for is tried: about half an hour. */
const fetchDelaysMs = [5_000, 30_000, 2 * 60_000, 8 * 60_000, 20 * 60_000] as const;

export function nextFetchDelayMs(failed: number): number | null {
	return fetchDelaysMs[failed - 1] ?? null;
}

/** `Retry-After` in seconds; a date, and anything else, is no wish. */
export function retryAfterMs(header: string | undefined): number | null {
	return header !== undefined && /^\d{1,7}$/.test(header.trim()) ? Number(header) * 1_000 : null;
}
