import { ActivityFailure, ApplicationFailure, CancellationScope, isCancellation } from "@temporalio/workflow";

/**
 * Whether a step ended because the workflow was cancelled. `type` is the failure by which an activity says that it found
 * the cancel in the database. When the worker died just before, Temporal tells neither: the step's heartbeats ran out,
 * and it was not tried again because of the cancel.
 */
export function wasCancelled(error: unknown, type: string): boolean {
	const failure = error instanceof ActivityFailure ? error.cause : error;
	if (isCancellation(error)) return true;
	if (failure instanceof ApplicationFailure) return failure.type === type;
	return error instanceof ActivityFailure && CancellationScope.current().consideredCancelled;
}
