import type { Log } from "@/adapters/log/log";
import { type Listener, listen } from "@/adapters/postgres/listen";
import { messageOf } from "@/domain/errors";
import type { HintHub } from "@/server/relay/hints";
import { channels } from "@/server/store/client";

/** Refreshes the hints at every change of a desired document or of traffic. Postgres may be away, also at the start. */
export function followNotices(databaseUrl: string, hints: HintHub, log: Log): { close(): Promise<void> } {
	const abort = new AbortController();
	const listening = connect(databaseUrl, hints, log, abort.signal);
	return {
		async close() {
			abort.abort();
			await (await listening)?.close();
		},
	};
}

async function connect(databaseUrl: string, hints: HintHub, log: Log, signal: AbortSignal): Promise<Listener | null> {
	const onProblem = (error: unknown) => log.warn({ problem: messageOf(error) }, "notices are interrupted");
	const onNotice = () => void hints.refresh();
	for (let delayMs = 100; !signal.aborted; delayMs = Math.min(delayMs * 2, 5_000)) {
		try {
			return await listen(databaseUrl, [channels.desired, channels.traffic], onNotice, onProblem);
		} catch (error) {
			onProblem(error);
			await pause(delayMs, signal);
		}
	}
	return null;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(resolve, ms);
		signal.addEventListener("abort", () => {
			clearTimeout(timer);
			resolve();
		});
	});
}
