import type { CanaryStep } from "@/domain/manifest/model";
import { endedStates, type InstancePhase, type RolloutState } from "@/domain/rollout/model";
import { seconds } from "@/domain/rollout/sentences";

export interface RolloutStep {
	readonly name: string;
	/** `skipped`: an analysis that a person promoted past; it was never successful. */
	readonly state: "pending" | "running" | "done" | "failed" | "skipped";
	readonly detail: string;
}

interface StepFacts {
	readonly state: RolloutState;
	readonly from: number | null;
	readonly to: number;
	/** The candidate's share as published. */
	readonly weight: number;
	/** The plan's own steps, and the one it is in. */
	readonly steps: readonly CanaryStep[];
	readonly step: number;
	/** null = nobody is asked. */
	readonly approvals: { readonly given: number; readonly needed: number } | null;
	/** Index of a step -> successful measurements in it. */
	readonly successful: Readonly<Record<number, number>>;
	/** What was there is gone before its successor starts: the parts come in that order. Left out = no. */
	readonly isExclusive?: boolean;
}

interface InstanceFacts {
	readonly release: number;
	readonly phase: InstancePhase;
	readonly observed: string | null;
	readonly active: number;
}

const served: readonly InstancePhase[] = ["serving", "draining", "held", "stopping", "gone"];
const left: readonly InstancePhase[] = ["stopping", "gone"];

interface Part {
	readonly name: string;
	readonly isDone: boolean;
	/** Passed without having reached what it is for. */
	readonly isSkipped?: boolean;
	readonly detail: string;
}

/** What a rollout goes through, in order, told from where it and its instances are. A part that was not reached when it ended failed. */
export function rolloutSteps(rollout: StepFacts, instances: readonly InstanceFacts[]): RolloutStep[] {
	const candidates = instances.filter((instance) => instance.release === rollout.to);
	const stable = instances.filter((instance) => instance.release === rollout.from && rollout.from !== rollout.to);
	const count = candidates.length;
	const running = candidates.filter((one) => one.observed === "running" || served.includes(one.phase)).length;
	const healthy = candidates.filter((one) => served.includes(one.phase)).length;
	const drained = stable.filter((one) => left.includes(one.phase)).length;
	const gone = stable.filter((one) => one.phase === "gone").length;
	const inFlight = stable.reduce((sum, one) => sum + (one.phase === "draining" ? one.active : 0), 0);
	const isFull = rollout.step >= rollout.steps.length;
	const arrival: Part[] = [
		{ name: "start", isDone: count > 0 && running === count, detail: `${running} of ${count} running` },
		{ name: "healthy", isDone: count > 0 && healthy === count, detail: `${healthy} of ${count} on every proxy` },
		...rollout.steps.map((step, index) => stepPart(step, index, rollout)),
		{
			name: rollout.steps.length > 0 ? "100 %" : "shift",
			isDone: isFull && rollout.weight >= 100,
			detail: `${rollout.weight} %`,
		},
	];
	const departure: Part[] = [
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
	const moves = rollout.isExclusive ? [...departure, ...arrival] : [...arrival, ...departure];
	const parts = [...approvalPart(rollout), ...moves];
	const isWhole = rollout.state === "promoted";
	const at = isWhole ? parts.length : parts.findIndex((part, index) => !part.isDone && !isPassed(index, rollout, parts));
	const reached = at === -1 ? parts.length : at;
	const isOver = endedStates.includes(rollout.state) || rollout.state === "rolling-back" || rollout.state === "waiting";
	return parts.map(({ name, detail, isSkipped = false }, index) => {
		if (index < reached) return { name, state: isSkipped ? "skipped" : "done", detail };
		if (index > reached || rollout.state === "queued") return { name, state: "pending", detail: "" };
		return { name, state: isOver && !isWhole ? "failed" : "running", detail };
	});
}

/** Instances come and go with each weight: what the plan's later steps have passed is not begun again. */
function isPassed(index: number, { steps, step }: StepFacts, parts: readonly Part[]): boolean {
	return step > 0 && index < parts.length - steps.length - 3;
}

function approvalPart({ approvals, state }: StepFacts): Part[] {
	if (!approvals) return [];
	const isDone = state !== "awaiting-approval" && state !== "queued" && state !== "rejected";
	return [{ name: "approval", isDone, detail: `${approvals.given} of ${approvals.needed}` }];
}

function stepPart(step: CanaryStep, index: number, rollout: StepFacts): Part {
	const isDone = rollout.step > index;
	switch (step.kind) {
		case "weight":
			return { name: `${step.weight} %`, isDone, detail: isDone || rollout.step < index ? "" : `${rollout.weight} % now` };
		case "pause":
			return { name: "pause", isDone, detail: step.durationMs === null ? "until a person promotes" : seconds(step.durationMs) };
		case "analysis": {
			const done = Math.min(rollout.successful[index] ?? 0, step.count);
			return { name: "analysis", isDone, isSkipped: done < step.count, detail: `${done} of ${step.count} successful` };
		}
	}
}
