import type { Log } from "@/adapters/log/log";
import { messageOf } from "@/domain/errors";
import type { Channel } from "@/server/store/client";
import type { Notices } from "@/workflows/notices";

export interface Recurring {
	/** Resolves when the round under way has ended. */
	close(): Promise<void>;
}

/** Does `round` now, at each notice of the channel (null = none), and every `everyMs`; one round at a time, and a failed one is only logged. */
export function recurring(
	deps: { readonly notices: Notices; readonly log: Log },
	name: string,
	on: Channel | null,
	everyMs: number,
	round: () => Promise<unknown>,
): Recurring {
	const stop = new AbortController();
	const follower = deps.notices.follow(on, null);
	const run = async (): Promise<void> => {
		while (!stop.signal.aborted) {
			try {
				await round();
			} catch (error) {
				deps.log.warn({ error: messageOf(error) }, `${name} failed and is tried again`);
			}
			await follower.next(everyMs, stop.signal);
		}
	};
	const ended = run();
	return {
		async close() {
			stop.abort();
			await ended;
			follower.close();
		},
	};
}
