import { setTimeout as pause } from "node:timers/promises";

const everyMs = 300;

/** Reads until `isDone`, and tells each change. */
export async function watch<T>(read: () => Promise<T>, onRead: (value: T) => void, isDone: (value: T) => boolean): Promise<T> {
	for (;;) {
		const value = await read();
		onRead(value);
		if (isDone(value)) return value;
		await pause(everyMs);
	}
}
