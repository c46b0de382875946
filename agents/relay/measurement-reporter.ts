import type { Log } from "@/adapters/log/log";
import type { Measurement, ProxyMeasurements } from "@/domain/analysis/measurement";
import { AppError, messageOf } from "@/domain/errors";
import type { MeasurementReport } from "@/domain/relay/protocol";
import type { RelayClient } from "./client";

const beatMs = 1_000;
const slowestRetryMs = 10_000;
/** What is older than this is of no use to an analysis that runs. */
const keptMs = 10 * 60_000;
/** Nothing seen is told as well: who judges by the numbers must know that they come. */
const emptyEveryMs = 5_000;
/** About 20 MB at 200 durations each. */
const mostKept = 20_000;
/** About 1 MB. */
const mostSent = 500;

type Waiting = Measurement & { readonly proxy: string };

/** Tells the relay the buckets that are over, oldest first, and keeps them while it is away: ten minutes at the most. */
export class MeasurementReporter {
	private readonly relay: Pick<RelayClient, "ask">;
	private readonly take: (nowMs: number) => readonly ProxyMeasurements[];
	private readonly log: Log;
	private waiting: Waiting[] = [];
	private failures = 0;
	private toldAt = 0;
	private timer: NodeJS.Timeout | null = null;
	private isStopped = false;

	constructor(relay: Pick<RelayClient, "ask">, take: (nowMs: number) => readonly ProxyMeasurements[], log: Log) {
		this.relay = relay;
		this.take = take;
		this.log = log;
	}

	start(): void {
		this.schedule(beatMs);
	}

	stop(): void {
		this.isStopped = true;
		if (this.timer) clearTimeout(this.timer);
	}

	private schedule(delayMs: number): void {
		if (!this.isStopped) this.timer = setTimeout(() => void this.beat(), delayMs);
	}

	private async beat(): Promise<void> {
		this.collect(Date.now());
		this.failures = (await this.send()) ? 0 : this.failures + 1;
		this.schedule(Math.min(slowestRetryMs, beatMs * 2 ** Math.min(this.failures, 4)));
	}

	/** Public for its test: what waits at `nowMs`. */
	collect(nowMs: number): readonly Waiting[] {
		const finished = this.take(nowMs).flatMap(({ proxy, measurements }) => measurements.map((one) => ({ ...one, proxy })));
		const all = [...this.waiting, ...finished];
		const kept = all.filter((one) => one.atMs > nowMs - keptMs).slice(-mostKept);
		if (kept.length < all.length)
			this.log.warn({ dropped: all.length - kept.length }, "measurements that nobody took are dropped");
		this.waiting = kept;
		return kept;
	}

	/** Everything that waits, in parts. false = the relay did not take it; it is sent again, which is harmless. */
	async send(): Promise<boolean> {
		while (this.waiting.length > 0 || Date.now() - this.toldAt >= emptyEveryMs) {
			const part = this.waiting.slice(0, mostSent);
			try {
				await this.relay.ask({ method: "POST", path: "/v1/measurements", body: reportOf(part, Date.now()) });
			} catch (error) {
				if (this.failures === 0) this.log.warn({ error: messageOf(error) }, "measurements are not taken; trying again");
				// Refused as wrong it would be refused for ever.
				if (!(error instanceof AppError && error.code === "invalid")) return false;
			}
			this.toldAt = Date.now();
			this.waiting = this.waiting.slice(part.length);
		}
		return true;
	}
}

function reportOf(part: readonly Waiting[], nowMs: number): MeasurementReport {
	const proxies = new Map<string, Measurement[]>();
	for (const { proxy, ...measurement } of part) {
		const measurements = proxies.get(proxy) ?? [];
		measurements.push(measurement);
		proxies.set(proxy, measurements);
	}
	return { nowMs, proxies: [...proxies].map(([proxy, measurements]) => ({ proxy, measurements })) };
}
