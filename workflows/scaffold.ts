import {
	ActivityCancellationType,
	ActivityFailure,
	ApplicationFailure,
	CancellationScope,
	ContinueAsNew,
	continueAsNew,
	proxyActivities,
	workflowInfo,
} from "@temporalio/workflow";
import type { ScaffoldActivities } from "@/workflows/activities/scaffold";
import { wasCancelled } from "@/workflows/was-cancelled";

/**
 * A service from a template: name, repository, first commit, push, then its first pipeline and rollout are waited for.
 * Each step is one activity that is safe to repeat, so a worker killed anywhere makes nothing twice. It ends when the
 * service serves in staging; a failed pipeline is no end: it says so and waits for the next push. A cancel takes away
 * what was made, unless the service was deployed meanwhile: then it goes on.
 */
export interface ScaffoldInput {
	readonly scaffoldId: string;
	/** The first push is recorded: carried over when a long wait is begun anew. */
	readonly isPushed?: boolean;
}

/** What a step still does when it is cancelled has ended before anything is taken away. */
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;
const retry = { initialInterval: "500 milliseconds", maximumInterval: "15 seconds" } as const;
const acts = proxyActivities<ScaffoldActivities>({
	startToCloseTimeout: "2 minutes",
	heartbeatTimeout: "15 seconds",
	cancellationType,
	retry,
});
const waits = proxyActivities<ScaffoldActivities>({
	startToCloseTimeout: "15 minutes",
	heartbeatTimeout: "15 seconds",
	cancellationType,
	retry,
});

export async function scaffold({ scaffoldId, isPushed = false }: ScaffoldInput): Promise<void> {
	try {
		if (!isPushed) await makeAndPush(scaffoldId);
		await untilDelivered(scaffoldId);
	} catch (error) {
		if (error instanceof ContinueAsNew) throw error;
		const isCancelled = wasCancelled(error, "ScaffoldCancelled");
		await CancellationScope.nonCancellable(() => endOf(scaffoldId, error, isCancelled));
	}
}

async function makeAndPush(scaffoldId: string): Promise<void> {
	await acts.checkName(scaffoldId);
	await acts.makeRepository(scaffoldId);
	await acts.commitTemplate(scaffoldId);
	await acts.recordFirstPush(scaffoldId);
}

async function untilDelivered(scaffoldId: string): Promise<void> {
	while (!(await waits.awaitDelivery(scaffoldId))) {
		if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof scaffold>({ scaffoldId, isPushed: true });
	}
	await acts.openService(scaffoldId);
}

async function endOf(scaffoldId: string, error: unknown, isCancelled: boolean): Promise<void> {
	if (!isCancelled) {
		const failure = error instanceof ActivityFailure ? error.cause : error;
		if (!(failure instanceof ApplicationFailure)) throw error;
		return acts.failScaffold(scaffoldId, failure.message);
	}
	const isRemoved = await waits.removeScaffold(scaffoldId);
	if (!isRemoved) await untilDelivered(scaffoldId);
}
