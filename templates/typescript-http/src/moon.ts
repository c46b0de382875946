import { clientKind, type Spans } from "./spans.ts";
import { passedOn, randomHex, type Trace } from "./trace.ts";

export interface Moon {
	readonly phase: string;
}

/** As in ALMANAC_URL, for example http://almanac.internal:8080; null = there is none. */
export type AskMoon = (trace: Trace) => Promise<Moon | null>;

const timeoutMs = 2_000;

/** Another service that this one asks. The caller's trace and baggage go with the question. */
export function createAskMoon(address: string | undefined, spans: Spans): AskMoon {
	if (!address) return async () => null;
	const target = `${address.replace(/\/+$/, "")}/moon`;
	return async (trace) => {
		const spanId = randomHex(8);
		const startMs = performance.timeOrigin + performance.now();
		let status = 0;
		let problem: string | undefined;
		try {
			const headers = passedOn(trace, spanId);
			const response = await fetch(target, { headers, signal: AbortSignal.timeout(timeoutMs) });
			status = response.status;
			const body = (await response.json()) as { phase?: unknown };
			if (!response.ok || typeof body.phase !== "string") throw new Error(`${target} answered ${status}, and no moon`);
			return { phase: body.phase };
		} catch (error) {
			problem = String(error);
			throw error;
		} finally {
			const endMs = performance.timeOrigin + performance.now();
			const parentId = trace.spanId;
			spans.add({
				trace,
				spanId,
				parentId,
				name: "GET /moon",
				kind: clientKind,
				startMs,
				endMs,
				status,
				...(problem ? { problem } : {}),
			});
		}
	};
}
