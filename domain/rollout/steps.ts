import { endedStates, type InstancePhase, type RolloutState } from "@/domain/rollout/model";

export interface RolloutStep {
	readonly name: string;
	readonly state: "pending" | "running" | "done" | "failed";
	readonly detail: string;
}

interface StepFacts {
	readonly state: RolloutState;
	readonly from: number | null;
	readonly to: number;
	/** The candidate's share as published. */
	readonly weight: number;
}

interface InstanceFacts {
	readonly release: number;
	readonly phase: InstancePhase;
	readonly observed: string | null;
	readonly active: number;
}

const served: readonly InstancePhase[] = ["serving", "draining", "held", "stopping", "gone"];
const left: readonly InstancePhase[] = ["stopping", "gone"];

/** The five parts of a rolling rollout, told from where its instances are. A part that was not reached when it ended failed. */
export function rolloutSteps(rollout: StepFacts, instances: readonly InstanceFacts[]): RolloutStep[] {
	const candidates = instances.filter((instance) => instance.release === rollout.to);
	const stable = instances.filter((instance) => instance.release === rollout.from && rollout.from !== rollout.to);
	const count = candidates.length;
	const running = candidates.filter((one) => one.observed === "running" || served.includes(one.phase)).length;
	const healthy = candidates.filter((one) => served.includes(one.phase)).length;
	const drained = stable.filter((one) => left.includes(one.phase)).length;
	const gone = stable.filter((one) => one.phase === "gone").length;
	const inFlight = stable.reduce((sum, one) => sum + (one.phase === "draining" ? one.active : 0), 0);
	const isWhole = rollout.state === "promoted";
	const parts = [
		{ name: "start", isDone: count > 0 && running === count, detail: `${running} of ${count} running` },
		{ name: "healthy", isDone: count > 0 && healthy === count, detail: `${healthy} of ${count} on every proxy` },
		{ name: "shift", isDone: rollout.weight >= 100, detail: `${rollout.weight} %` },
		{
			name: "drain",
			isDone: drained === stable.length,
			detail: stable.length === 0 ? "nothing to drain" : `${drained} of ${stable.length}, ${inFlight} in flight`,
		},
		{
			name: "stop",
			isDone: gone === stable.length,
			detail: stable.length === 0 ? "nothing to stop" : `${gone} of ${stable.length} removed`,
		},
	];
	const at = isWhole ? parts.length : parts.findIndex((part) => !part.isDone);
	const reached = at === -1 ? parts.length : at;
	const isOver = endedStates.includes(rollout.state) || rollout.state === "rolling-back" || rollout.state === "waiting";
	return parts.map(({ name, detail }, index) => {
		if (index < reached) return { name, state: "done", detail };
		if (index > reached || rollout.state === "queued") return { name, state: "pending", detail: "" };
		return { name, state: isOver && !isWhole ? "failed" : "running", detail };
	});
}
