import { setTimeout as pause } from "node:timers/promises";

/** Asks again after 5, 10, 20 ms and then every 40 ms; an error of `isTrue` counts as "not yet". false = deadline or over. */
export async function waitUntil(
	isTrue: () => Promise<boolean>,
	options: { deadlineMs: number; isOver: () => boolean },
): Promise<boolean> {
	const deadline = Date.now() + options.deadlineMs;
	for (let delayMs = 5; !options.isOver() && Date.now() < deadline; delayMs = Math.min(40, delayMs * 2)) {
		if (await isTrue().catch(() => false)) return true;
		await pause(delayMs);
	}
	return false;
}
