import type { Action } from "@/domain/rollout/action";
import { published } from "@/domain/rollout/goal";
import type { RolloutPlan } from "@/domain/rollout/model";
import { isReady, type RolloutObservation, unacknowledged } from "@/domain/rollout/observation";
import { counted, seconds } from "@/domain/rollout/sentences";
import type { Sides } from "@/domain/rollout/sides";

/** To the next step, when this one has reached what it is for. A person's pause holds it. */
export function advance(sides: Sides, observation: RolloutObservation): Action | null {
	const step = sides.stage?.step;
	if (!step || observation.pause) return null;
	const because = reached(sides, observation);
	return because === null ? null : { kind: "advance", step: observation.step, because };
}

function reached(sides: Sides, observation: RolloutObservation): string | null {
	const { stage } = sides;
	const since = observation.stepAt ?? observation.now;
	switch (stage?.step?.kind) {
		case "weight":
			return isInForce(sides, observation)
				? `${stage.step.weight} % in force on ${counted(observation.proxies.length, "proxy", "proxies")}`
				: null;
		case "pause": {
			const { durationMs } = stage.step;
			return durationMs !== null && observation.now >= since + durationMs ? `the pause of ${seconds(durationMs)} is over` : null;
		}
		case "analysis": {
			const successful = observation.analysis?.successful ?? 0;
			return successful >= stage.step.count ? `${counted(successful, "successful measurement")}` : null;
		}
		case undefined:
			return null;
	}
}

/** Everything this step asks for is ready, has its weight, and every answering proxy obeys it. */
function isInForce(sides: Sides, observation: RolloutObservation): boolean {
	return (
		sides.incoming.length === sides.count &&
		sides.incoming.every((instance) => isReady(instance, observation)) &&
		// More, where nothing of the stable release can serve.
		published(sides.target?.release, observation) >= (sides.stage?.cap ?? 0) &&
		unacknowledged(observation).length === 0
	);
}

/** A measurement, as often as the plan says, while the candidate has a weight that is in force. */
export function analyse(plan: RolloutPlan, sides: Sides, observation: RolloutObservation): Action | null {
	const dueAt = measurementDueAt(plan, sides, observation);
	return dueAt !== null && observation.now >= dueAt ? { kind: "analyse", step: observation.step } : null;
}

/** null = nothing is measured now. */
export function measurementDueAt(plan: RolloutPlan, sides: Sides, observation: RolloutObservation): number | null {
	const kind = sides.stage?.step?.kind;
	if (!plan.analysis || !observation.analysis || (kind !== "pause" && kind !== "analysis") || sides.stage?.cap === 0) return null;
	return Math.max(observation.stepAt ?? 0, observation.analysis.lastAt ?? 0) + plan.analysis.intervalMs;
}
