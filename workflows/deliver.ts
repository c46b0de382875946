import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from "@temporalio/client";
import { AppError } from "@/domain/errors";
import { pipelineWorkflowId, webhookWorkflowId } from "@/domain/names";
import type { OutboxMessage } from "@/server/store/outbox";
import type { PipelineInput } from "@/workflows/pipeline";
import type { RolloutInput } from "@/workflows/rollout";
import type { ScaffoldInput } from "@/workflows/scaffold";
import { taskQueues } from "@/workflows/task-queues";
import type { WebhookInput } from "@/workflows/webhook";

/** Hands one outbox row to Temporal. A workflow id is used once, so what was delivered before is delivered now, too. */
export async function deliver(client: Client, { kind, payload }: OutboxMessage): Promise<void> {
	switch (kind) {
		case "rollout.start": {
			const input: RolloutInput = { rolloutId: text(payload, "rolloutId") };
			return start(client, "rollout", text(payload, "workflowId"), input);
		}
		case "pipeline.start": {
			const input: PipelineInput = { pipelineId: text(payload, "pipelineId") };
			return start(client, "pipeline", pipelineId(payload), input);
		}
		case "pipeline.cancel":
			return cancel(client, pipelineId(payload));
		case "scaffold.start": {
			const input: ScaffoldInput = { scaffoldId: text(payload, "scaffoldId") };
			return start(client, "scaffold", text(payload, "workflowId"), input);
		}
		case "webhook.deliver":
		case "webhook.receive": {
			const input: WebhookInput = { deliveryId: text(payload, "deliveryId"), round: count(payload, "round") };
			const type = kind === "webhook.deliver" ? "webhook" : "inboundHook";
			return start(client, type, webhookWorkflowId(input.deliveryId, input.round), input);
		}
		case "scaffold.cancel":
			return cancel(client, text(payload, "workflowId"));
		default:
			throw new AppError("invalid", `The outbox holds "${String(kind)}", which this version does not know: run the newer one.`);
	}
}

type Input = RolloutInput | PipelineInput | ScaffoldInput | WebhookInput;

async function start(client: Client, type: string, workflowId: string, input: Input): Promise<void> {
	try {
		await client.workflow.start(type, {
			workflowId,
			args: [input],
			taskQueue: taskQueues.sluice,
			workflowIdReusePolicy: "REJECT_DUPLICATE",
		});
	} catch (error) {
		if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
	}
}

/** One that has ended, or was never started, needs no cancel. */
async function cancel(client: Client, workflowId: string): Promise<void> {
	try {
		await client.workflow.getHandle(workflowId).cancel();
	} catch (error) {
		if (!(error instanceof WorkflowNotFoundError)) throw error;
	}
}

function pipelineId(payload: OutboxMessage["payload"]): string {
	return pipelineWorkflowId(text(payload, "repository"), count(payload, "number"));
}

function count(payload: OutboxMessage["payload"], key: string): number {
	const value = payload[key];
	if (typeof value === "number") return value;
	throw new AppError("invalid", `An outbox row has no ${key}.`);
}

function text(payload: OutboxMessage["payload"], key: string): string {
	const value = payload[key];
	if (typeof value === "string") return value;
	throw new AppError("invalid", `An outbox row has no ${key}.`);
}
