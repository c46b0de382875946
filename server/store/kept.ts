import type { Tx } from "@/server/store/client";

/** Younger than this it is taken as it is. */
const freshMs = 2_000;
/** Younger than this it is taken while a newer one is made; older, the newer one is waited for. */
const usableMs = 10_000;

interface Entry<Value> {
	kept: { readonly at: number; readonly value: Value } | null;
	making: Promise<Value> | null;
}

/**
 * What is found out about everything at once, which takes a while, and is read by many: of 2 s ago at most, or of 10 s
 * after a while in which nobody asked. One reading serves all who ask, of each database its own.
 */
export function keptShortly<Value>(read: (tx: Tx) => Promise<Value>, now = () => performance.now()): (tx: Tx) => Promise<Value> {
	const entries = new WeakMap<object, Entry<Value>>();
	return async (tx) => {
		const entry: Entry<Value> = entries.get(tx) ?? { kept: null, making: null };
		entries.set(tx, entry);
		const { kept } = entry;
		const at = now();
		if (kept !== null && at - kept.at < freshMs) return kept.value;
		entry.making ??= read(tx)
			.then((value) => {
				entry.kept = { at, value };
				return value;
			})
			.finally(() => {
				entry.making = null;
			});
		if (kept === null || at - kept.at >= usableMs) return entry.making;
		// Who takes the older one does not need to hear of a failure: who waits for the newer one does.
		entry.making.catch(() => {});
		return kept.value;
	};
}
