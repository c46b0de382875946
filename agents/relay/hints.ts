import { createInterface } from "node:readline";
import type { Log } from "@/adapters/log/log";
import { messageOf } from "@/domain/errors";
import type { Hint } from "@/domain/relay/protocol";
import type { RelayClient } from "./client";

const firstRetryMs = 200;
const slowestRetryMs = 5_000;
/** The relay says something every 5 s. */
const silenceMs = 12_000;

/** Follows the relay's hints for ever; each lost stream is opened again with a growing pause. Returns how to stop. */
export function followHints(relay: RelayClient, onHint: (hint: Hint) => void, log: Log): () => void {
	const stop = new AbortController();
	let failures = 0;
	const follow = async (): Promise<void> => {
		const answer = await relay.open({ method: "GET", path: "/v1/hints", timeoutMs: silenceMs, signal: stop.signal });
		if (answer.statusCode !== 200) {
			answer.resume();
			throw new Error(`the relay answered ${answer.statusCode}`);
		}
		failures = 0;
		for await (const line of createInterface({ input: answer })) if (line !== "") onHint(JSON.parse(line) as Hint);
	};
	const loop = (): void => {
		follow()
			.catch((error: unknown) => {
				if (failures === 0 && !stop.signal.aborted)
					log.warn({ error: messageOf(error) }, "the relay does not answer; trying again");
			})
			.finally(() => {
				if (stop.signal.aborted) return;
				const pause = Math.min(slowestRetryMs, firstRetryMs * 2 ** failures);
				failures += 1;
				setTimeout(loop, pause);
			});
	};
	loop();
	return () => stop.abort();
}
