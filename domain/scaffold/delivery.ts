import { hasEnded, type PipelineState } from "@/domain/pipeline/model";
import type { RolloutState } from "@/domain/rollout/model";
import type { ScaffoldStepState } from "@/domain/scaffold/model";

export interface DeliveryFacts {
	/** The newest one of the default branch; null = not recorded yet. */
	readonly pipeline: { readonly number: number; readonly state: PipelineState; readonly reason: string | null } | null;
	/** The rollout which that pipeline began. */
	readonly rollout: { readonly number: number; readonly state: RolloutState; readonly reason: string | null } | null;
}

interface Step {
	readonly state: ScaffoldStepState;
	readonly message: string | null;
}

/** How far the first delivery is. `waiting` has a reason that says what a person must do; a new push is looked at again. */
export interface Delivery {
	readonly state: "running" | "waiting" | "delivered";
	readonly reason: string | null;
	readonly pipeline: Step;
	readonly rollout: Step;
}

const pending: Step = { state: "pending", message: null };

export function judgeDelivery({ pipeline, rollout }: DeliveryFacts): Delivery {
	if (!pipeline) return { state: "running", reason: null, pipeline: { state: "running", message: null }, rollout: pending };
	const name = `pipeline ${pipeline.number}`;
	if (pipeline.state === "failed" || pipeline.state === "cancelled") {
		const why = pipeline.reason === null ? "" : `: ${pipeline.reason.replace(/\.$/, "")}`;
		const message = `${capital(name)} ${pipeline.state === "failed" ? "failed" : "was cancelled"}${why}.`;
		return waiting(`${message} Push a fix to the main branch and it goes on, or cancel.`, { state: "failed", message }, pending);
	}
	const isOver = hasEnded(pipeline.state);
	const step: Step = { state: isOver || rollout ? "done" : "running", message: name };
	if (!rollout) {
		if (!isOver) return { state: "running", reason: null, pipeline: step, rollout: pending };
		return { state: "delivered", reason: null, pipeline: step, rollout: { state: "done", message: "nothing to roll out" } };
	}
	return judgeRollout(step, rollout);
}

function judgeRollout(pipeline: Step, rollout: NonNullable<DeliveryFacts["rollout"]>): Delivery {
	const name = `rollout ${rollout.number}`;
	switch (rollout.state) {
		case "promoted":
			return { state: "delivered", reason: null, pipeline, rollout: { state: "done", message: name } };
		case "failed":
		case "rolled-back":
		case "superseded": {
			const why = rollout.reason === null ? "" : `: ${rollout.reason.replace(/\.$/, "")}`;
			const message = `${capital(name)} ended ${rollout.state}${why}.`;
			return waiting(`${message} Push a fix to the main branch and it goes on.`, pipeline, { state: "failed", message });
		}
		default:
			return { state: "running", reason: null, pipeline, rollout: { state: "running", message: name } };
	}
}

function waiting(reason: string, pipeline: Step, rollout: Step): Delivery {
	return { state: "waiting", reason, pipeline, rollout };
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
