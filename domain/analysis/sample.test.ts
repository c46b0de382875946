import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeSamples, quantile, type SampledRequests } from "./sample";

/** A part whose durations tell where they came from: part x 1000 + position. */
const parts = fc
	.array(
		fc.record({ sampled: fc.integer({ min: 0, max: 200 }), more: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10_000 })) }),
		{ maxLength: 30 },
	)
	.map((shapes) =>
		shapes.map(
			({ sampled, more }, part): SampledRequests => ({
				requests: sampled === 0 ? 0 : sampled + more,
				latenciesUs: Array.from({ length: sampled }, (_, position) => part * 1000 + position),
			}),
		),
	);

describe("a sample merged from samples", () => {
	it("holds of every part its share of all requests, to within one request", () => {
		fc.assert(
			fc.property(parts, fc.integer({ min: 1, max: 5_000 }), (from, most) => {
				const merged = mergeSamples(from, most);
				const total = from.reduce((sum, part) => sum + part.requests, 0);
				for (const [index, part] of from.entries()) {
					const mine = merged.filter((value) => Math.floor(value / 1000) === index).length;
					const fair = total === 0 ? 0 : (part.requests / total) * merged.length;
					expect(Math.abs(mine - fair)).toBeLessThan(1.5);
				}
			}),
		);
	});

	it("is at most what was asked for, and at least the thinnest sample of a part or what was asked for", () => {
		fc.assert(
			fc.property(parts, fc.integer({ min: 1, max: 5_000 }), (from, most) => {
				const merged = mergeSamples(from, most);
				const thinned = from.filter((part) => part.requests > part.latenciesUs.length).map((part) => part.latenciesUs.length);
				const all = from.reduce((sum, part) => sum + part.latenciesUs.length, 0);
				expect(merged.length).toBeLessThanOrEqual(most);
				expect(merged.length).toBeGreaterThanOrEqual(Math.min(most, all, ...thinned) - 1);
			}),
		);
	});

	it("is every duration when nothing was left out", () => {
		expect(
			mergeSamples(
				[
					{ requests: 2, latenciesUs: [5, 6] },
					{ requests: 1, latenciesUs: [7] },
				],
				100,
			),
		).toEqual([5, 6, 7]);
		expect(mergeSamples([{ requests: 0, latenciesUs: [] }], 100)).toEqual([]);
	});
});

describe("a quantile", () => {
	it("is the nearest rank", () => {
		const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
		expect([0, 0.5, 0.95, 0.99, 1].map((share) => quantile(hundred, share))).toEqual([1, 50, 95, 99, 100]);
		expect(quantile([7], 0.5)).toBe(7);
		expect(quantile([], 0.5)).toBeNull();
	});
});
