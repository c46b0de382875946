/**
 * Since when hosts are heard at all. While none is, what is silent is on our side (the relay, the database, or a whole
 * control plane that was down): it says nothing about hosts, and each gets the full time to come back after it.
 */
export interface Hearing {
	/** Of the first look since which some host was heard at every look; null = none is heard now. Milliseconds. */
	readonly sinceMs: number | null;
	readonly lookedAtMs: number;
}

/** A longer time without a look is as good as one in which nothing was heard: the database was away, or we were. */
const longestGapMs = 15_000;

export function listenAgain(before: Hearing | null, nowMs: number, isSomeHostHeard: boolean): Hearing {
	if (!isSomeHostHeard) return { sinceMs: null, lookedAtMs: nowMs };
	const isUnbroken = before !== null && nowMs - before.lookedAtMs <= longestGapMs;
	return { sinceMs: (isUnbroken ? before.sinceMs : null) ?? nowMs, lookedAtMs: nowMs };
}

/** For how long hosts have been heard, without a break, up to the last look. */
export function heardForMs({ sinceMs, lookedAtMs }: Hearing): number {
	return sinceMs === null ? 0 : lookedAtMs - sinceMs;
}
