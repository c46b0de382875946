import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketMs } from "./measurement";
import type { LoggedRequest } from "./outcome";
import { Tally } from "./tally";
import { seeded } from "./testing/seeded";

const start = 1_795_000_000_000;

function request(endedAtMs: number, more: Partial<LoggedRequest> = {}): LoggedRequest {
	const outcome = { code: 200, grpcStatus: null, isClientGone: false, isBroken: false };
	return { cluster: "orders/staging/1/http", route: "orders/staging", endedAtMs, durationUs: 7, ...outcome, ...more };
}

describe("a tally", () => {
	it("counts by release and bucket, both ports of a release as one", () => {
		const tally = new Tally(seeded(1), start);
		tally.add(request(start, { durationUs: 10 }));
		tally.add(request(start + 4_999, { cluster: "orders/staging/1/grpc", durationUs: 20, code: 503 }));
		tally.add(request(start + 1, { cluster: "orders/staging/2/http" }));
		tally.add(request(start + 5_000));
		tally.add(request(start, { cluster: "", route: "" }));
		const of = { service: "orders", environment: "staging", atMs: start };
		expect(tally.takeFinished(start + 6_999)).toEqual([]);
		const first = tally.takeFinished(start + 7_000);
		expect(first.map(({ latenciesUs, ...count }) => ({ ...count, latencies: [...latenciesUs].sort() }))).toEqual([
			{ ...of, release: 1, requests: 2, failures: 1, latencies: [10, 20] },
			{ ...of, release: 2, requests: 1, failures: 0, latencies: [7] },
		]);
		expect(tally.takeFinished(start + 12_000)).toMatchObject([{ atMs: start + 5_000, requests: 1 }]);
	});

	it("loses no request and gives no bucket twice, in whatever order they come and are taken", () => {
		const event = fc.oneof(
			{ weight: 5, arbitrary: fc.record({ kind: fc.constant("add" as const), lateMs: fc.integer({ min: 0, max: 20_000 }) }) },
			{ weight: 1, arbitrary: fc.record({ kind: fc.constant("take" as const), passedMs: fc.integer({ min: 0, max: 9_000 }) }) },
		);
		fc.assert(
			fc.property(fc.array(event, { maxLength: 200 }), (events) => {
				const tally = new Tally(seeded(1), start);
				let now = start;
				let added = 0;
				const taken = [];
				for (const one of events) {
					if (one.kind === "add") {
						added += 1;
						tally.add(request(now - one.lateMs));
					} else {
						now += one.passedMs;
						taken.push(...tally.takeFinished(now));
					}
				}
				taken.push(...tally.takeFinished(now + 60_000));
				expect(taken.reduce((sum, bucket) => sum + bucket.requests, 0)).toBe(added);
				expect(new Set(taken.map((bucket) => bucket.atMs)).size).toBe(taken.length);
				expect(taken.every((bucket) => bucket.atMs % bucketMs === 0 && bucket.atMs > start - bucketMs)).toBe(true);
			}),
		);
	});
});
