import type { Action } from "@/domain/rollout/action";
import { measurementDueAt } from "@/domain/rollout/advance";
import type { RolloutMemory } from "@/domain/rollout/memory";
import type { RolloutPlan } from "@/domain/rollout/model";
import { answering, inFlight, isReady, type RolloutObservation, unacknowledged } from "@/domain/rollout/observation";
import { pullsPending } from "@/domain/rollout/pull-ahead";
import { counted, seconds } from "@/domain/rollout/sentences";
import { drainDeadline, retryMs, type Sides } from "@/domain/rollout/sides";
import { acknowledgeDeadline, failure, readyDeadline } from "@/domain/rollout/turn-back";

interface Pending {
	readonly for: string;
	readonly until: number | null;
}

/** Nothing to do but to wait: what for, until when, and whether a person should know. */
export function wait(plan: RolloutPlan, sides: Sides, observation: RolloutObservation, memory: RolloutMemory): Action {
	const pending = pendingOf(plan, sides, observation, memory);
	const placement = sides.incoming.length < sides.count ? memory.placement : null;
	if (placement && pending.length === 0 && !sides.isBack) return { kind: "turn-back", reason: placement.problem };
	const until = [...pending.map((one) => one.until), placement && placement.at + retryMs].filter((at) => at !== null);
	return {
		kind: "wait",
		for: pending.map((one) => one.for).join(", ") || placement?.problem || "the next report",
		until: until.length > 0 ? Math.min(...until) : null,
		alarm: sides.isBack ? alarmOf(plan, sides, observation, memory, placement?.problem ?? null) : null,
	};
}

function pendingOf(plan: RolloutPlan, sides: Sides, observation: RolloutObservation, memory: RolloutMemory): Pending[] {
	const pending: Pending[] = stepPending(plan, sides, observation);
	for (const { host, until } of pullsPending(plan, sides, observation)) {
		pending.push({ for: `${host} to pull the image of release ${plan.to.number}`, until });
	}
	if (answering(observation).length === 0) pending.push({ for: "a proxy to answer", until: null });
	for (const instance of sides.incoming) {
		if (isReady(instance, observation)) continue;
		const what = instance.observed === "running" ? "to be healthy on every proxy" : "to run";
		pending.push({
			for: `${instance.id} on ${instance.host} ${what}`,
			until: readyDeadline(instance, sides, observation, memory),
		});
	}
	const late = unacknowledged(observation);
	if (late.length > 0) {
		const names = late.map((proxy) => proxy.id).join(", ");
		pending.push({
			for: `${names} to acknowledge revision ${observation.traffic.revision}`,
			until: acknowledgeDeadline(plan, sides, memory, observation),
		});
	}
	for (const instance of sides.outgoing) {
		if (instance.phase === "draining") {
			const requests = counted(inFlight(instance), "request");
			pending.push({ for: `${instance.id} to drain (${requests} in flight)`, until: drainDeadline(instance, plan, sides) });
		} else if (instance.phase === "stopping" && !instance.isHostSilent) {
			pending.push({ for: `${instance.id} to be removed from ${instance.host}`, until: null });
		}
	}
	return pending;
}

/** What the present step waits for, or who holds it. */
function stepPending(plan: RolloutPlan, sides: Sides, observation: RolloutObservation): Pending[] {
	const { stage } = sides;
	if (!stage) return [];
	if (observation.pause) return [{ for: `${observation.pause.by} to resume: ${observation.pause.reason}`, until: null }];
	const measuredAt = measurementDueAt(plan, sides, observation);
	switch (stage.step?.kind) {
		case "pause": {
			const { durationMs } = stage.step;
			if (durationMs === null) return [{ for: "a person to promote", until: measuredAt }];
			const endsAt = (observation.stepAt ?? observation.now) + durationMs;
			return [{ for: `the pause of ${seconds(durationMs)}`, until: Math.min(endsAt, measuredAt ?? endsAt) }];
		}
		case "analysis": {
			const { successful = 0, inconclusive = 0, sentence = null } = observation.analysis ?? {};
			const help = inconclusive > (plan.analysis?.inconclusiveLimit ?? 0) ? ", or a person to promote or abort" : "";
			const last = sentence === null ? "" : `; last: ${sentence}`;
			return [{ for: `${successful} of ${stage.step.count} successful measurements${help}${last}`, until: measuredAt }];
		}
		case "weight":
		case undefined:
			return [];
	}
}

/** An alarm once raised stands until the target is whole again: a fresh try is not yet a success. */
function alarmOf(
	plan: RolloutPlan,
	sides: Sides,
	observation: RolloutObservation,
	memory: RolloutMemory,
	placement: string | null,
): string | null {
	const problem = failure(plan, sides, observation, memory) ?? placement;
	if (problem)
		return `Release ${sides.target?.release ?? plan.to.number} cannot be restored yet: ${problem}. It is tried again without end.`;
	const isWhole = sides.incoming.length === sides.count && sides.incoming.every((instance) => isReady(instance, observation));
	return observation.state === "waiting" && !isWhole ? observation.reason : null;
}
