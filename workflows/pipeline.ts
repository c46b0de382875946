import { ActivityCancellationType, ActivityFailure, CancellationScope, proxyActivities } from "@temporalio/workflow";
import type { PipelineActivities } from "@/workflows/activities/pipeline";
import { wasCancelled } from "@/workflows/was-cancelled";

/**
 * A push on its way to staging: checkout, tests, build, push, release, rollout. It ends when the rollout has begun; the
 * rollout's own page tells the rest. Each step is one activity that writes its own state and log and is safe to repeat.
 * What was pushed being wrong ends the pipeline at once; a part of Sluice being away is waited for. A cancel kills
 * the running build and still writes the end.
 */
export interface PipelineInput {
	readonly pipelineId: string;
}

/** The end is written after the cancelled step has ended, so nothing of it comes later. */
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

const quick = proxyActivities<PipelineActivities>({
	taskQueue: "builds",
	startToCloseTimeout: "10 minutes",
	heartbeatTimeout: "15 seconds",
	cancellationType,
	retry: { initialInterval: "500 milliseconds", maximumInterval: "15 seconds" },
});

/** A build or a test run: its own deadlines are shorter than this. */
const slow = proxyActivities<PipelineActivities>({
	taskQueue: "builds",
	startToCloseTimeout: "90 minutes",
	heartbeatTimeout: "15 seconds",
	cancellationType,
	retry: { initialInterval: "1 second", maximumInterval: "30 seconds" },
});

export async function pipeline({ pipelineId }: PipelineInput): Promise<void> {
	try {
		await quick.checkoutPipeline(pipelineId);
		await slow.testPipeline(pipelineId);
		await slow.buildPipeline(pipelineId);
		const { digest } = await slow.publishPipeline(pipelineId);
		await quick.releasePipeline(pipelineId, digest);
		await quick.rolloutPipeline(pipelineId);
	} catch (error) {
		const end = endOf(error);
		await CancellationScope.nonCancellable(() => quick.finishPipeline(pipelineId, end));
		return;
	}
	await quick.finishPipeline(pipelineId, { state: "passed", reason: null });
}

function endOf(error: unknown): { state: "failed" | "cancelled"; reason: string | null } {
	if (wasCancelled(error, "PipelineCancelled")) return { state: "cancelled", reason: null };
	const failure = error instanceof ActivityFailure ? error.cause : error;
	return { state: "failed", reason: failure instanceof Error ? failure.message : String(failure) };
}
