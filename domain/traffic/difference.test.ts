import { expect, test } from "vitest";
import { type Routes, routeDifference } from "@/domain/traffic/difference";

const one = (release: number, weight: number, ...endpoints: [string, "active" | "draining"][]) => ({
	release,
	weight,
	endpoints: endpoints.map(([instance, state]) => ({ instance, state })),
});

test("shares that moved, a release that came, endpoints that came, drain or left", () => {
	const had: Routes = { releases: [one(3, 100, ["a", "active"], ["b", "active"])] };
	const has: Routes = { releases: [one(3, 90, ["a", "active"], ["b", "draining"]), one(4, 10, ["c", "active"])] };
	expect(routeDifference(had, has)).toEqual({
		weights: [
			{ release: 3, from: 100, to: 90 },
			{ release: 4, from: null, to: 10 },
		],
		endpoints: [
			{ instance: "b", release: 3, from: "active", to: "draining" },
			{ instance: "c", release: 4, from: null, to: "active" },
		],
	});
	expect(routeDifference(has, { releases: [] }).weights).toEqual([
		{ release: 3, from: 90, to: null },
		{ release: 4, from: 10, to: null },
	]);
	expect(routeDifference(has, has)).toEqual({ weights: [], endpoints: [] });
});
