import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** False until the page's program runs: what is clicked before would go the browser's own way, and what was typed be lost. */
export function useHydrated(): boolean {
	return useSyncExternalStore(
		never,
		() => true,
		() => false,
	);
}
