import { NativeConnection, Worker } from "@temporalio/worker";
import { announceReady, withdrawReady } from "@/adapters/installation/ready";
import { tidyLogs } from "@/adapters/instance-log/tidy";
import type { Log } from "@/adapters/log/log";
import { collectGarbage } from "@/adapters/registry/collect";
import { messageOf } from "@/domain/errors";
import { type Hearing, heardForMs, listenAgain } from "@/domain/host/hearing";
import { retention } from "@/domain/instance-log/model";
import { createDeps, type Deps } from "@/server/deps";
import type { Env } from "@/server/env";
import { checkpointAudit } from "@/server/services/audit-checkpoint";
import { startFollowUps } from "@/server/services/follow-up";
import { removeUnneededImages } from "@/server/services/image-cleanup";
import { startPushReconciler } from "@/server/services/push";
import { requestRepairsOfMisplaced, startRepairs } from "@/server/services/repair";
import { isSomeHostHeard } from "@/server/store/host";
import { removeOldAnswers } from "@/server/store/idempotent-answer";
import { removeOldMeasurements } from "@/server/store/measurement";

import { drainOutbox } from "@/server/store/outbox";
import { removeOldDeliveries } from "@/server/store/webhook-delivery";
import { createPipelineActivities, type PipelineActivities } from "@/workflows/activities/pipeline";
import { createRolloutActivities, type RolloutActivities, type RolloutActivityDeps } from "@/workflows/activities/rollout";
import { createScaffoldActivities } from "@/workflows/activities/scaffold";
import { createWebhookActivities } from "@/workflows/activities/webhook";
import { bundlerOptions, workflowsPath } from "@/workflows/bundle";
import { deliver } from "@/workflows/deliver";
import { tidyLeftovers } from "@/workflows/held";
import { type Notices, openNotices } from "@/workflows/notices";
import { type Recurring, recurring } from "@/workflows/recurring";
import { taskQueues } from "@/workflows/task-queues";

export interface WorkerSettings {
	readonly env: Env;
	/** The rollouts' activities; another set only in benches and tests. */
	readonly activities?: (deps: RolloutActivityDeps) => RolloutActivities;
	/** The pipelines' activities; another set only in tests. */
	readonly pipelines?: (deps: Deps) => PipelineActivities;
	/** Ends the worker when aborted, after what is under way. */
	readonly signal: AbortSignal;
}

const outboxEveryMs = 5_000;
const leftoversEveryMs = 5_000;
const measurementsEveryMs = 60_000;
const measurementsKeptMs = 24 * 60 * 60_000;
const answersEveryMs = 10 * 60_000;
const logsEveryMs = 5 * 60_000;
const imagesEveryMs = 6 * 60 * 60_000;
const followUpsEveryMs = 5_000;
const repairsEveryMs = 5_000;
const checkpointsEveryMs = 60_000;
const deliveriesEveryMs = 10 * 60_000;
const deliveriesKeptMs = 30 * 24 * 60 * 60_000;

/** Runs both task queues, the outbox, the leftovers and the comparison of pushes until the signal. Waits for Temporal and Postgres as long as they are away. */
export async function runWorker({
	env,
	activities = createRolloutActivities,
	pipelines = createPipelineActivities,
	signal,
}: WorkerSettings): Promise<void> {
	const deps = createDeps(env, "worker");
	const { log } = deps;
	const connection = await patiently(signal, log, "Temporal", () => NativeConnection.connect({ address: env.temporalAddress }));
	const notices = await patiently(signal, log, "Postgres", () =>
		openNotices(env.databaseUrl, ["observed", "outbox", "rollout"], (error) =>
			log.warn({ error: messageOf(error) }, "Postgres went away"),
		),
	);
	const workers = await patiently(signal, log, "the Temporal namespace", () =>
		createWorkers(
			connection,
			deps,
			activities({ database: deps.database, installation: env.installation, notices, log }),
			pipelines(deps),
		),
	);
	const loops = startLoops(deps, notices);
	const onStop = (): void => {
		for (const worker of workers) if (worker.getState() === "RUNNING") worker.shutdown();
	};
	signal.addEventListener("abort", onStop, { once: true });
	try {
		const running = workers.map((worker) => worker.run());
		announceReady(env.home, "worker");
		if (signal.aborted) onStop();
		await Promise.all(running);
	} finally {
		withdrawReady(env.home, "worker");
		await Promise.all(loops.map((loop) => loop.close()));
		await notices.close();
		await connection.close();
		await deps.close();
	}
}

async function createWorkers(
	connection: NativeConnection,
	deps: Deps,
	activities: RolloutActivities,
	pipelines: PipelineActivities,
): Promise<Worker[]> {
	const shared = { connection, namespace: "default", shutdownGraceTime: "2 seconds", shutdownForceTime: "15 seconds" } as const;
	const sluice = await Worker.create({
		...shared,
		taskQueue: taskQueues.sluice,
		workflowsPath,
		bundlerOptions,
		activities: { ...activities, ...createScaffoldActivities(deps), ...createWebhookActivities(deps) },
		// Each rollout that waits holds one; a wait costs next to nothing.
		maxConcurrentActivityTaskExecutions: 1_000,
	});
	const builds = await Worker.create({
		...shared,
		taskQueue: taskQueues.builds,
		activities: pipelines,
		maxConcurrentActivityTaskExecutions: 4,
	});
	return [sluice, builds];
}

/** Beside these, pushes whose record was lost with a killed git server are found. */
function startLoops(deps: Deps, notices: Notices): Recurring[] {
	const { database, log } = deps;
	const shared = { notices, log };
	let hearing: Hearing | null = null;
	return [
		recurring(shared, "the outbox", "outbox", outboxEveryMs, () =>
			drainOutbox(
				database,
				async (message) => deliver(await deps.temporal(), message),
				(message, error) => log.warn({ key: message.key, error: messageOf(error) }, "an outbox row could not be delivered"),
			),
		),
		recurring(shared, "releases that go on", "rollout", followUpsEveryMs, () => startFollowUps(database)),
		recurring(shared, "repairs", null, repairsEveryMs, async () => {
			hearing = listenAgain(hearing, performance.now(), await isSomeHostHeard(database));
			await requestRepairsOfMisplaced(database, heardForMs(hearing));
			await startRepairs(database);
		}),
		recurring(shared, "tidying leftovers", null, leftoversEveryMs, () => tidyLeftovers(database)),
		recurring(shared, "removing old measurements", null, measurementsEveryMs, () =>
			removeOldMeasurements(database, new Date(Date.now() - measurementsKeptMs)),
		),
		recurring(shared, "writing down where the audit chain ends", null, checkpointsEveryMs, () => checkpointAudit(deps)),
		recurring(shared, "removing old answers", null, answersEveryMs, () => removeOldAnswers(database)),
		recurring(shared, "removing old deliveries of webhooks", null, deliveriesEveryMs, () =>
			removeOldDeliveries(database, new Date(Date.now() - deliveriesKeptMs)),
		),
		recurring(shared, "removing old logs", null, logsEveryMs, () => tidyLogs(deps.env.paths.instanceLogs, retention, Date.now())),
		recurring(shared, "removing images that nothing needs", null, imagesEveryMs, async () => {
			const removed = await removeUnneededImages({ database, registry: deps.env.registry });
			if (removed > 0) await collectGarbage(deps.env.home);
		}),
		startPushReconciler(deps),
	];
}

/** Tries until it works, with a back-off up to 5 s, and says what it waits for. Throws when told to stop. */
async function patiently<T>(signal: AbortSignal, log: Log, what: string, attempt: () => Promise<T>): Promise<T> {
	for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, 5_000)) {
		signal.throwIfAborted();
		try {
			return await attempt();
		} catch (error) {
			log.warn({ error: messageOf(error) }, `waiting for ${what}`);
			await new Promise((resolve) => setTimeout(resolve, delayMs));
		}
	}
}
