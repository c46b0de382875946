import { useCallback, useSyncExternalStore } from "react";

const changed = "sluice-stored";

function subscribe(listener: () => void): () => void {
	addEventListener("storage", listener);
	addEventListener(changed, listener);
	return () => {
		removeEventListener("storage", listener);
		removeEventListener(changed, listener);
	};
}

/** A yes or no that this browser remembers. */
export function useStoredFlag(key: string, initial: boolean): [boolean, (value: boolean) => void] {
	const value = useSyncExternalStore(
		subscribe,
		() => localStorage.getItem(key) ?? String(initial),
		() => String(initial),
	);
	const store = useCallback(
		(next: boolean) => {
			localStorage.setItem(key, String(next));
			dispatchEvent(new Event(changed));
		},
		[key],
	);
	return [value === "true", store];
}
