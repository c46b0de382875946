import { describe, expect, it } from "vitest";
import { previewRoutes } from "@/domain/rollout/route-preview";
import { planOf, workload } from "@/domain/rollout/testing/fixtures";
import type { ServiceTraffic } from "@/domain/traffic/model";

const endpoint = (instance: string, state: "active" | "draining") => ({ instance, address: "", ports: {}, state });
const traffic: ServiceTraffic = {
	...{ service: "orders", environment: "staging", revision: 3, virtualAddress: "10.254.0.1", gatewayHosts: [], ports: [] },
	...{ requestTimeoutMs: 0, streamIdleTimeoutMs: 0 },
	releases: [
		{
			...{ release: 3, weight: 100, health: { kind: "tcp", port: "http", path: "" } },
			endpoints: [endpoint("a", "active"), endpoint("b", "active"), endpoint("c", "draining")],
		},
	],
};

describe("what a rollout will do to the routes", () => {
	const steps = [
		{ kind: "weight", weight: 10 },
		{ kind: "pause", durationMs: null },
		{ kind: "weight", weight: 50 },
	] as const;
	const plan = planOf({ from: 3, to: 4, steps, workload: workload({ instances: 4 }), fromWorkload: workload() });

	it("is told as they are, after each step that moves them, and at the end", () => {
		const stable = { release: 3, endpoints: 2 };
		const candidate = (weight: number, endpoints: number) => ({ release: 4, weight, endpoints });
		expect(previewRoutes(plan, "awaiting-approval", 0, traffic)).toEqual([
			{ at: "now", step: null, releases: [{ ...stable, weight: 100 }] },
			{
				at: "step",
				step: 0,
				releases: [{ ...stable, weight: 90 }, candidate(10, 1)],
			},
			{
				at: "step",
				step: 2,
				releases: [{ ...stable, weight: 50 }, candidate(50, 2)],
			},
			{ at: "end", step: null, releases: [candidate(100, 4)] },
		]);
	});

	it("leaves out the steps that are taken, and says nothing of one that has ended", () => {
		expect(previewRoutes(plan, "running", 1, traffic).map(({ step }) => step)).toEqual([null, 2, null]);
		expect(previewRoutes(plan, "promoted", 3, traffic)).toEqual([]);
	});

	it("begins with nothing for the first release, and ends with nothing for one that stops", () => {
		expect(previewRoutes(planOf({ from: null, to: 1 }), "queued", 0, null)).toEqual([
			{ at: "now", step: null, releases: [] },
			{ at: "end", step: null, releases: [{ release: 1, weight: 100, endpoints: 2 }] },
		]);
		const stop = planOf({ from: 3, to: 3, kind: "stop", workload: workload({ instances: 0 }) });
		expect(previewRoutes(stop, "queued", 0, traffic).at(-1)).toEqual({ at: "end", step: null, releases: [] });
	});
});
