import { endedStates, type RolloutPlan, type RolloutState } from "@/domain/rollout/model";
import { capAt, countAt } from "@/domain/rollout/stage";
import type { ServiceTraffic } from "@/domain/traffic/model";

/** Where requests go at one point of a rollout. */
export interface RoutePreview {
	/** `now`, after a step of the plan that moves weight, or at the `end`. */
	readonly at: "now" | "step" | "end";
	/** Of the plan's steps, from 0; null = none. */
	readonly step: number | null;
	readonly releases: readonly {
		readonly release: number;
		readonly weight: number;
		/** That take requests, or may. */
		readonly endpoints: number;
	}[];
}

/**
 * What this rollout does to the routes: as they are, after each step that is still to come, and at its end. The stable
 * release stays whole until then (stage.ts). Empty = it has ended.
 */
export function previewRoutes(
	plan: RolloutPlan,
	state: RolloutState,
	step: number,
	traffic: ServiceTraffic | null,
): RoutePreview[] {
	if (endedStates.includes(state)) return [];
	const { from, to, workload, fromWorkload, steps } = plan;
	const ahead = steps.flatMap(({ kind }, index): RoutePreview[] => {
		if (kind !== "weight" || index < step || !from || !fromWorkload) return [];
		const weight = capAt(steps, index);
		const stable = { release: from.number, weight: Math.round((100 - weight) * 100) / 100, endpoints: fromWorkload.instances };
		const candidate = { release: to.number, weight, endpoints: countAt(workload.instances, weight) };
		return [{ at: "step", step: index, releases: [stable, candidate] }];
	});
	const serves = workload.instances > 0;
	return [
		{ at: "now", step: null, releases: releasesOf(traffic) },
		...ahead,
		{ at: "end", step: null, releases: serves ? [{ release: to.number, weight: 100, endpoints: workload.instances }] : [] },
	];
}

function releasesOf(traffic: ServiceTraffic | null): RoutePreview["releases"] {
	return (traffic?.releases ?? [])
		.filter(({ weight, endpoints }) => weight > 0 || endpoints.some(({ state }) => state === "active"))
		.map(({ release, weight, endpoints }) => ({
			...{ release, weight },
			endpoints: endpoints.filter(({ state }) => state === "active").length,
		}));
}
