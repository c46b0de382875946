import type { Action } from "@/domain/rollout/action";
import type { RolloutMemory } from "@/domain/rollout/memory";
import type { RolloutPlan } from "@/domain/rollout/model";
import {
	answering,
	blockersOf,
	isReady,
	type ObservedInstance,
	type RolloutObservation,
	unacknowledged,
} from "@/domain/rollout/observation";
import { pullFailure } from "@/domain/rollout/pull-ahead";
import { proxiesSentence, seconds } from "@/domain/rollout/sentences";
import type { Sides } from "@/domain/rollout/sides";

/** Going forward only: why it should go back now, or null. */
export function reasonToTurnBack(
	plan: RolloutPlan,
	sides: Sides,
	observation: RolloutObservation,
	memory: RolloutMemory,
): Action | null {
	if (sides.isBack) return null;
	const reason =
		(observation.abort && `aborted by ${observation.abort.by}: ${observation.abort.reason}`) ??
		analysisFailure(plan, observation) ??
		pullFailure(plan, sides, observation) ??
		failure(plan, sides, observation, memory);
	return reason ? { kind: "turn-back", reason } : null;
}

function analysisFailure(plan: RolloutPlan, { analysis }: RolloutObservation): string | null {
	if (!plan.analysis || !analysis || analysis.failed <= plan.analysis.failureLimit) return null;
	return `the analysis failed: ${analysis.sentence ?? "no measurement says why"}`;
}

/** What is wrong with the side that comes in, whichever direction: forward it turns back, going back it is the alarm. */
export function failure(plan: RolloutPlan, sides: Sides, observation: RolloutObservation, memory: RolloutMemory): string | null {
	for (const instance of sides.incoming) {
		const problem = instanceProblem(instance, sides, observation, memory);
		if (problem) return problem;
	}
	return proxyProblem(plan, sides, observation, memory) ?? placeTaken(sides, observation);
}

/** What comes cannot begin because what was there cannot be stopped: nothing serves for as long as that lasts. */
function placeTaken(sides: Sides, observation: RolloutObservation): string | null {
	if (!sides.isExclusive || sides.incoming.length >= sides.count) return null;
	const held = sides.outgoing.filter((instance) => instance.phase === "held" && !instance.isGone);
	if (held.length === 0) return null;
	const blockers = new Map(held.flatMap((instance) => blockersOf(instance, observation).map((proxy) => [proxy.id, proxy])));
	const names = held.map(({ id }) => id).join(", ");
	return `${names} cannot be stopped, and nothing may run beside it: ${proxiesSentence([...blockers.values()], observation)}`;
}

/** When an instance that is not ready counts as failed; null = it is ready, or cannot be judged now. */
export function readyDeadline(
	instance: ObservedInstance,
	sides: Sides,
	observation: RolloutObservation,
	memory: RolloutMemory,
): number | null {
	if (!sides.target || isReady(instance, observation)) return null;
	// Blind, or a host that does not answer: the first waits, the second is replaced.
	if (answering(observation).length === 0 || instance.isHostSilent) return null;
	const { pullMs, healthyMs } = sides.target.workload.deadlines;
	const runningSince = memory.runningSince[instance.id];
	if (runningSince === undefined)
		return instance.phase === "serving" ? since(instance, memory) + healthyMs : instance.createdAt + pullMs;
	return Math.max(runningSince, since(instance, memory)) + healthyMs;
}

function since(instance: ObservedInstance, memory: RolloutMemory): number {
	return memory.unreadySince[instance.id] ?? instance.createdAt;
}

function instanceProblem(
	instance: ObservedInstance,
	sides: Sides,
	observation: RolloutObservation,
	memory: RolloutMemory,
): string | null {
	const name = `instance ${instance.id} on ${instance.host}`;
	if (instance.observed === "failed" && !instance.isHostSilent)
		return `${name} failed: ${instance.message ?? "its host gives no reason"}`;
	const deadline = readyDeadline(instance, sides, observation, memory);
	if (deadline === null || observation.now < deadline || !sides.target) return null;
	const { pullMs, healthyMs } = sides.target.workload.deadlines;
	if (instance.observed !== "running") {
		return `${name} does not run after ${seconds(pullMs)} (${instance.message ?? instance.observed ?? "nothing reported"})`;
	}
	const unhealthy = answering(observation)
		.filter((proxy) => instance.endpoints.find((endpoint) => endpoint.proxy === proxy.id)?.health !== "healthy")
		.map((proxy) => proxy.id);
	const late = `${name} did not become healthy on proxy ${unhealthy.join(", ")} within ${seconds(healthyMs)}`;
	return instance.message === null ? late : `${late}: ${instance.message}`;
}

function proxyProblem(plan: RolloutPlan, sides: Sides, observation: RolloutObservation, memory: RolloutMemory): string | null {
	const { revision } = observation.traffic;
	if (revision <= plan.startRevision) return null;
	for (const proxy of observation.proxies) {
		if (proxy.lease === "lost" || proxy.ack?.verdict !== "nack" || proxy.ack.revision !== revision) continue;
		return `proxy ${proxy.id} refused revision ${revision}: ${proxy.ack.message ?? "no reason given"}`;
	}
	const deadline = acknowledgeDeadline(plan, sides, memory, observation);
	if (deadline === null || observation.now < deadline) return null;
	const late = unacknowledged(observation).map((proxy) => proxy.id);
	return `proxy ${late.join(", ")} did not acknowledge revision ${revision} in time`;
}

export function acknowledgeDeadline(
	plan: RolloutPlan,
	sides: Sides,
	memory: RolloutMemory,
	observation: RolloutObservation,
): number | null {
	const last = memory.unacknowledgedSince;
	if (!last || last.revision !== observation.traffic.revision || unacknowledged(observation).length === 0) return null;
	return last.at + (sides.target?.workload ?? plan.workload).deadlines.healthyMs;
}
