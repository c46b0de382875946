import type { Tx } from "@/server/store/client";

/** Younger than this many times what the reading took it is taken as it is, so that reading costs a twentieth of the time at most. */
const freshTimes = 20;
/** At least, in milliseconds: what was found out a moment ago need not be found out again, however quick it is. */
const leastFreshMs = 500;
/** At most, in milliseconds: a page may be this much behind. */
const mostFreshMs = 5_000;
/** Younger than this many times that it is taken while a newer one is made; older, the newer one is waited for. */
const usableTimes = 5;

interface Entry<Value> {
	kept: { readonly at: number; readonly freshMs: number; readonly value: Value } | null;
	making: Promise<Value> | null;
}

/**
 * What is found out about everything at once, which takes a while, and is read by many: of 0.5 to 5 s ago, as it takes
 * longer, or of five times that after a while in which nobody asked. One reading serves all who ask, of each database
 * its own.
 */
export function keptShortly<Value>(read: (tx: Tx) => Promise<Value>, now = () => performance.now()): (tx: Tx) => Promise<Value> {
	const entries = new WeakMap<object, Entry<Value>>();
	return async (tx) => {
		const entry: Entry<Value> = entries.get(tx) ?? { kept: null, making: null };
		entries.set(tx, entry);
		const { kept } = entry;
		const at = now();
		if (kept !== null && at - kept.at < kept.freshMs) return kept.value;
		entry.making ??= read(tx)
			.then((value) => {
				entry.kept = { at, freshMs: Math.min(Math.max(leastFreshMs, (now() - at) * freshTimes), mostFreshMs), value };
				return value;
			})
			.finally(() => {
				entry.making = null;
			});
		if (kept === null || at - kept.at >= kept.freshMs * usableTimes) return entry.making;
		// Who takes the older one does not need to hear of a failure: who waits for the newer one does.
		entry.making.catch(() => {});
		return kept.value;
	};
}
