import type { Action } from "@/domain/rollout/action";
import type { RolloutMemory } from "@/domain/rollout/memory";
import type { RolloutPlan } from "@/domain/rollout/model";
import { isReady, type ObservedInstance, type RolloutObservation, unacknowledged } from "@/domain/rollout/observation";
import { counted, heldSentence } from "@/domain/rollout/sentences";
import type { Sides } from "@/domain/rollout/sides";

/** The end, when exactly the target serves, on every answering proxy, and nothing else that could be stopped still runs. */
export function finish(plan: RolloutPlan, sides: Sides, observation: RolloutObservation, memory: RolloutMemory): Action | null {
	const { incoming, outgoing, count, isBack, stage } = sides;
	if (stage && (stage.step !== null || observation.pause)) return null;
	const isTargetUp =
		incoming.length === count && incoming.every((instance) => instance.phase === "serving" && isReady(instance, observation));
	const isRestGone = outgoing.every((instance) => instance.phase === "held" || isLeftBehind(instance));
	if (!isTargetUp || !isRestGone || unacknowledged(observation).length > 0) return null;

	const rest = [
		heldSentence(
			outgoing.filter((instance) => instance.phase === "held"),
			observation,
		),
		leftBehindSentence(outgoing.filter(isLeftBehind)),
	];
	const reason = [isBack ? (memory.turnBack ?? observation.reason) : null, ...rest].filter((part) => part !== null).join("; ");
	const state = !isBack ? "promoted" : plan.from ? "rolled-back" : "failed";
	return { kind: "finish", state, reason: reason === "" ? null : reason };
}

/** Its host does not answer, and will find it removed from its desired document when it returns. */
function isLeftBehind(instance: ObservedInstance): boolean {
	return instance.phase === "stopping" && instance.isHostSilent && !instance.isGone;
}

function leftBehindSentence(instances: readonly ObservedInstance[]): string | null {
	if (instances.length === 0) return null;
	const hosts = [...new Set(instances.map((instance) => instance.host))].sort().join(", ");
	return `${counted(instances.length, "instance")} on ${hosts} will be removed when the host answers again`;
}
