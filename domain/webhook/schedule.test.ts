import fc from "fast-check";
import { expect, test } from "vitest";
import { mostAttempts, nextDelayMs, nextFetchDelayMs, retryAfterMs } from "@/domain/webhook/schedule";

test("each failure waits longer than the one before, for about a day, and then it is given up", () => {
	const delays = Array.from({ length: mostAttempts - 1 }, (_, index) => nextDelayMs(index + 1, 0.5) ?? 0);
	expect(delays).toEqual([...delays].sort((one, other) => one - other));
	expect(delays.slice(0, 3)).toEqual([5_000, 60_000, 300_000]);
	const hours = delays.reduce((sum, one) => sum + one, 0) / 3_600_000;
	expect([hours > 20, hours < 28, delays.length]).toEqual([true, true, 8]);
	expect(nextDelayMs(mostAttempts, 0.5)).toBeNull();
});

test("jitter spreads by a fifth and no more; what a receiver asks for is waited, but not for ever", () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: mostAttempts - 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (failed, random) => {
			const middle = nextDelayMs(failed, 0.5) ?? 0;
			const delay = nextDelayMs(failed, random) ?? 0;
			expect(Math.abs(delay - middle)).toBeLessThanOrEqual(middle * 0.2 + 1);
		}),
	);
	expect(nextDelayMs(1, 0)).not.toBe(nextDelayMs(1, 0.99));
	expect(nextDelayMs(1, 0.5, 120_000)).toBe(120_000);
	expect(nextDelayMs(1, 0.5, 999_999_999)).toBe(8 * 3_600_000);
	expect([retryAfterMs("30"), retryAfterMs("Wed, 21 Oct 2026 07:28:00 GMT"), retryAfterMs(undefined)]).toEqual([
		30_000,
		null,
		null,
	]);
});

test("a fetch is tried for about half an hour", () => {
	const delays = [1, 2, 3, 4, 5].map((failed) => nextFetchDelayMs(failed) ?? 0);
	expect(delays.reduce((sum, one) => sum + one, 0) / 60_000).toBeGreaterThan(25);
	expect(nextFetchDelayMs(6)).toBeNull();
});
