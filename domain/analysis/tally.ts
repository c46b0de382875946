import { bucketStart, type Measurement } from "./measurement";
import { isFailure, type LoggedRequest, type Target, targetOf } from "./outcome";
import { Reservoir } from "./reservoir";

/** How long after its end a bucket is kept open for entries that are still on their way: Envoy sends them each 500 ms. */
const graceMs = 2_000;

interface Count extends Target {
	requests: number;
	failures: number;
	readonly reservoir: Reservoir;
}

/**
 * One proxy's finished requests by release and bucket. Nothing is counted in a bucket that was taken already, nor in
 * one from before `startedAtMs`, which an agent before this one may have reported: what comes too late counts in the
 * oldest open bucket, so that the sum stays right.
 */
export class Tally {
	private readonly random: () => number;
	/** Start of the bucket -> target's key -> count. */
	private readonly open = new Map<number, Map<string, Count>>();
	private firstOpen: number;

	constructor(random: () => number, startedAtMs: number) {
		this.random = random;
		this.firstOpen = bucketStart(startedAtMs);
	}

	add(request: LoggedRequest): void {
		const target = targetOf(request);
		if (!target) return;
		const count = this.countOf(Math.max(this.firstOpen, bucketStart(request.endedAtMs)), target);
		count.requests += 1;
		if (isFailure(request)) count.failures += 1;
		count.reservoir.add(request.durationUs);
	}

	/** The buckets that are over at `nowMs`, each given once. */
	takeFinished(nowMs: number): Measurement[] {
		const finishedBefore = bucketStart(nowMs - graceMs);
		if (finishedBefore <= this.firstOpen) return [];
		this.firstOpen = finishedBefore;
		const finished = [...this.open.keys()].filter((at) => at < finishedBefore).sort((a, b) => a - b);
		return finished.flatMap((atMs) => {
			const counts = [...(this.open.get(atMs)?.values() ?? [])];
			this.open.delete(atMs);
			return counts.map(({ reservoir, ...count }) => ({ ...count, atMs, latenciesUs: reservoir.sample() }));
		});
	}

	private countOf(at: number, target: Target): Count {
		const bucket = this.open.get(at) ?? new Map<string, Count>();
		this.open.set(at, bucket);
		const key = `${target.service}/${target.environment}/${target.release}`;
		const count = bucket.get(key) ?? { ...target, requests: 0, failures: 0, reservoir: new Reservoir(this.random) };
		bucket.set(key, count);
		return count;
	}
}
