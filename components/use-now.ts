import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let current = 0;

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	timer ??= setInterval(tick, 1000);
	return () => {
		listeners.delete(listener);
		if (listeners.size === 0 && timer !== undefined) {
			clearInterval(timer);
			timer = undefined;
		}
	};
}

function tick(): void {
	current = Date.now();
	for (const listener of listeners) listener();
}

function still(): () => void {
	return () => undefined;
}

/** Milliseconds now, to the second; one timer for the page. `ticking` false stands still. Renders 0 on the server. */
export function useNow(ticking = true): number {
	return useSyncExternalStore(
		ticking ? subscribe : still,
		() => {
			if (current === 0 || Date.now() - current > 1500) current = Date.now();
			return current;
		},
		() => 0,
	);
}
