import { createClients } from "./clients";
import type { LoadPlan, RequestKind, RequestRecord } from "./model";

/** Sends the plan's load until it is over or `ending` says so, waits for every answer, and returns every client's record. */
export async function runLoad(plan: LoadPlan, ending?: AbortSignal): Promise<RequestRecord[]> {
	const clients = createClients(plan);
	const history: RequestRecord[] = [];
	const pending = new Set<Promise<void>>();
	const startedAt = performance.now();

	const send = (kind: RequestKind, plannedMs: number, number: number) => {
		const outcome =
			kind === "keep-alive"
				? clients.keepAlive()
				: kind === "new-connection"
					? clients.newConnection()
					: kind === "long"
						? clients.long()
						: clients.stream(streamLife(plan, number));
		const done = outcome.then((seen) => {
			history.push({ kind, plannedMs, endedMs: performance.now() - startedAt, ...seen });
			pending.delete(done);
		});
		pending.add(done);
	};

	const arrivals = [
		arrival("keep-alive", plan.rates.keepAlive),
		arrival("new-connection", plan.rates.newConnection),
		arrival("long", plan.rates.long),
		arrival("stream", plan.rates.stream),
	];
	await new Promise<void>((resolve) => {
		const tick = setInterval(() => {
			const nowMs = Math.min(performance.now() - startedAt, plan.durationMs);
			for (const source of arrivals) source.due(nowMs, send);
			if (nowMs >= plan.durationMs || ending?.aborted) {
				clearInterval(tick);
				resolve();
			}
		}, 2);
	});
	await Promise.all(pending);
	clients.close();
	return history;
}

function arrival(kind: RequestKind, perSecond: number) {
	let sent = 0;
	return {
		due(nowMs: number, send: (kind: RequestKind, plannedMs: number, number: number) => void) {
			while (perSecond > 0 && (sent * 1000) / perSecond < nowMs) {
				send(kind, (sent * 1000) / perSecond, sent);
				sent++;
			}
		},
	};
}

/** Evenly spread over the range and the same in every run: a golden-ratio sequence. */
function streamLife(plan: LoadPlan, number: number): number {
	const fraction = (number * 0.618034) % 1;
	return plan.streamMs.least + fraction * (plan.streamMs.most - plan.streamMs.least);
}
