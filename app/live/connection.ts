import { useSyncExternalStore } from "react";

/** What the dot in the top bar says about this page's stream of changes. */
export interface Connection {
	/** `off`: this page has no stream. */
	readonly state: "off" | "connecting" | "live" | "reconnecting" | "stale";
	/** Milliseconds; when the state began. For `stale`: since when the page may be behind. */
	readonly since: number;
}

let connection: Connection = { state: "off", since: 0 };
const listeners = new Set<() => void>();

export function setConnection(state: Connection["state"], since = Date.now()): void {
	if (connection.state === state) return;
	connection = { state, since };
	for (const listener of listeners) listener();
}

export function useConnection(): Connection {
	return useSyncExternalStore(
		(listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		() => connection,
		() => connection,
	);
}
