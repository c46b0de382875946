import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { TestWorkflowEnvironment } from "@temporalio/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { git } from "@/adapters/git/run";
import { readyFile } from "@/adapters/installation/ready";
import { pathsOf } from "@/domain/installation";
import type { Actor } from "@/domain/roles";
import { obtainWheel } from "@/platform/obtain/wheel";
import { versions } from "@/platform/versions";
import { type Env, readEnv } from "@/server/env";
import { Clone } from "@/server/git/testing/trial";
import { createRepository } from "@/server/services/repository";
import { cancelScaffold, startScaffold } from "@/server/services/scaffold";
import { ensureEnvironments } from "@/server/store/environment";
import { readScaffold } from "@/server/store/scaffold-view";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";
import { SimulatedFleet } from "@/workflows/testing/simulated-fleet";

const root = fileURLToPath(new URL("..", import.meta.url));
const mei: Actor = { kind: "user", id: "mei", name: "Mei Lin", role: "developer" };
const ada: Actor = { kind: "user", id: "ada", name: "Ada", role: "developer" };
let scratch: ScratchDatabase;
let temporal: TestWorkflowEnvironment;
let fleet: SimulatedFleet;
let home: string;
let env: Env;
let worker: ChildProcess;
const clones: Clone[] = [];

beforeAll(async () => {
	home = mkdtempSync(`${tmpdir()}/sluice-scaffold-`);
	mkdirSync(`${home}/git`);
	writeFileSync(`${home}/installation.json`, JSON.stringify({ id: "abc123", portBase: 27800, domain: "localhost", fleet: [] }));
	scratch = await scratchDatabase();
	await ensureEnvironments(scratch.database);
	await scratch.database.user.create({ data: { id: "mei", name: "Mei Lin", email: "mei@example.test", role: "developer" } });
	const path = await obtainWheel(versions.temporal);
	temporal = await TestWorkflowEnvironment.createLocal({ server: { executable: { type: "existing-path", path } } });
	env = readEnv({ SLUICE_HOME: home, DATABASE_URL: scratch.url, TEMPORAL_ADDRESS: temporal.address });
	fleet = new SimulatedFleet(scratch.database, ["h1", "h2"]);
	await fleet.start();
	worker = startWorker();
	await until(() => existsSync(readyFile(home, "worker")));
});
afterAll(async () => {
	worker.kill("SIGKILL");
	for (const clone of clones) clone.remove();
	await fleet.close();
	await temporal.teardown();
	await scratch.drop();
	rmSync(home, { recursive: true, force: true });
});

function startWorker(): ChildProcess {
	const variables = { ...process.env, SLUICE_HOME: home, DATABASE_URL: scratch.url, TEMPORAL_ADDRESS: temporal.address };
	const argv = ["--import", "tsx", "workflows/testing/worker-without-builder.ts"];
	return spawn(process.execPath, argv, { cwd: root, stdio: "ignore", env: variables });
}

async function killWorker(): Promise<void> {
	const ended = once(worker, "exit");
	worker.kill("SIGKILL");
	await ended;
	rmSync(readyFile(home, "worker"), { force: true });
	worker = startWorker();
}

async function until(isDone: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 30));
}

const deps = () => ({ database: scratch.database, env });
const page = (name: string) => readScaffold(deps(), name);
const start = (actor: Actor, name: string, requestId = randomUUID()) =>
	startScaffold(scratch, actor, { template: "typescript-http", values: { name, owner: "shop" }, requestId });
const stepsOf = async (name: string) => (await page(name)).steps.map((step) => `${step.name} ${step.state}`);
const isStep = async (name: string, step: string, state: string) => (await stepsOf(name)).includes(`${step} ${state}`);
const inState = (name: string, state: string) => until(async () => (await page(name)).state === state);
const sentence = (promise: Promise<unknown>) =>
	promise.then(
		() => "done",
		(error: Error) => error.message,
	);
const hold = (name: "hold" | "fail", isOn: boolean) =>
	isOn ? writeFileSync(`${home}/${name}`, "") : rmSync(`${home}/${name}`, { force: true });
const repositoryOf = (name: string) => `${pathsOf(home).repositories}/${name}.git`;

async function leftOf(name: string): Promise<Record<string, number>> {
	const { database } = scratch;
	return {
		repositories: await database.repository.count({ where: { name } }),
		heads: await database.repositoryHead.count({ where: { repository: name } }),
		pipelines: await database.pipeline.count({ where: { repository: name } }),
		services: await database.service.count({ where: { name } }),
		releases: await database.release.count({ where: { service: name } }),
		rollouts: await database.rollout.count({ where: { service: name, environment: "staging" } }),
		folders: readdirSync(`${home}/git`).filter((entry) => entry.startsWith(`${name}.git`)).length,
	};
}
const nothing = { repositories: 0, heads: 0, pipelines: 0, services: 0, releases: 0, rollouts: 0, folders: 0 };

/** Each kill costs a worker's start and Temporal's heartbeat time-out, on a machine that may be busy. */
const killsTimeout = 400_000;

test(
	"a worker killed -9 again and again makes everything once: repository, commit, pipeline, rollout, service",
	async () => {
		hold("hold", true);
		const requestId = randomUUID();
		const [first, again] = await Promise.all([start(mei, "orders", requestId), start(mei, "orders", requestId)]);
		expect(again).toEqual(first);
		await until(async () => await isStep("orders", "name", "done"));
		await killWorker();
		await until(async () => await isStep("orders", "pipeline", "running"));
		await killWorker();
		// Not healthy until it was seen: a rollout may begin and end between two looks.
		fleet.sick.add(1);
		hold("hold", false);
		await until(async () => await isStep("orders", "rollout", "running"));
		await killWorker();
		fleet.sick.delete(1);
		await inState("orders", "done");
		expect(await stepsOf("orders")).toEqual(
			["name", "repository", "commit", "push", "pipeline", "rollout", "open"].map((name) => `${name} done`),
		);
		expect(await leftOf("orders")).toEqual({
			...nothing,
			repositories: 1,
			heads: 1,
			pipelines: 1,
			services: 1,
			releases: 1,
			rollouts: 1,
			folders: 1,
		});
		const log = await git(["--git-dir", repositoryOf("orders"), "log", "--format=%an <%ae> %s", "main"]);
		expect(log).toBe("Mei Lin <mei@example.test> First version of orders, from the template typescript-http\n");
		const shown = await page("orders");
		expect(shown).toMatchObject({ pipeline: { number: 1, pushedBy: "Mei Lin" } });
		// Names of localhost lead to this machine, and the gateway is h1.
		expect(shown).toMatchObject({ url: null, curl: "curl -H 'Host: orders.staging.localhost' http://10.200.0.1:27807/" });
		expect(shown.verbs.cancel).toContain("ended");
		const audit = await scratch.database.auditRow.findMany({ orderBy: { id: "asc" } });
		const own = audit
			.filter(({ subject }) => subject.startsWith("orders"))
			.map(({ action, actorName }) => `${action} ${actorName}`);
		expect(own.slice(0, 3)).toEqual(["scaffold.start Mei Lin", "repository.create Mei Lin", "pipeline.push Mei Lin"]);
		expect(own.filter((line) => line.startsWith("scaffold.end"))).toHaveLength(1);
		expect(await start(mei, "orders", requestId)).toEqual(first);
	},
	killsTimeout,
);

test("a name that is taken is refused, by a run, a repository or a service, and to two at once", async () => {
	expect(await sentence(start(ada, "orders"))).toContain("There is a repository orders already");
	await createRepository(deps(), ada, "taken");
	expect(await sentence(start(mei, "taken"))).toContain("There is a repository taken already");
	hold("hold", true);
	const outcomes = await Promise.all([sentence(start(mei, "wanted")), sentence(start(ada, "wanted"))]);
	expect(outcomes.filter((words) => words === "done")).toHaveLength(1);
	expect(outcomes.find((words) => words !== "done")).toContain("is creating wanted already");
	expect(await scratch.database.scaffold.count({ where: { name: { in: ["taken", "wanted"] } } })).toBe(1);
	await cancelScaffold(scratch, mei, "wanted");
	await inState("wanted", "cancelled");
});

test(
	"one cancelled before its deploy leaves nothing, and the name is free for a run that ends well",
	async () => {
		hold("hold", true);
		await start(mei, "draft");
		await until(async () => (await scratch.database.pipeline.count({ where: { repository: "draft", state: "running" } })) === 1);
		// Cancelled while nobody works: Temporal hears of it before it misses the dead worker's heartbeats.
		const ended = once(worker, "exit");
		worker.kill("SIGKILL");
		await ended;
		await cancelScaffold(scratch, ada, "draft");
		expect(await sentence(cancelScaffold(scratch, mei, "draft"))).toContain("Ada has asked to cancel it already");
		worker = startWorker();
		await inState("draft", "cancelled");
		expect(await leftOf("draft")).toEqual(nothing);
		expect((await page("draft")).reason).toBe("Cancelled by Ada: nothing of draft stays.");
		hold("hold", false);
		await start(ada, "draft");
		await inState("draft", "done");
		expect((await page("draft")).pipeline?.number).toBe(2);
	},
	killsTimeout,
);

test("a cancel that comes before the workflow began is obeyed before anything is made", async () => {
	const ended = once(worker, "exit");
	worker.kill("SIGKILL");
	await ended;
	await start(mei, "early");
	await cancelScaffold(scratch, mei, "early");
	worker = startWorker();
	await inState("early", "cancelled");
	expect(await leftOf("early")).toEqual(nothing);
});

test("a failed first pipeline says so and waits; the next push goes on to the end, and then no cancel takes it away", async () => {
	hold("fail", true);
	await start(mei, "fragile");
	await inState("fragile", "waiting");
	expect((await page("fragile")).reason).toMatch(/^Pipeline 1 failed: The tests failed.*Push a fix to the main branch/s);
	hold("fail", false);
	const clone = new Clone();
	clones.push(clone);
	await clone.git("clone", "--quiet", repositoryOf("fragile"), "copy");
	await clone.git("-C", "copy", "commit", "--quiet", "--allow-empty", "--message", "Fix");
	fleet.sick.add(1);
	expect((await clone.git("-C", "copy", "push", "origin", "main")).code).toBe(0);
	await until(async () => await isStep("fragile", "rollout", "running"));
	expect(await sentence(cancelScaffold(scratch, mei, "fragile"))).toContain("has been deployed");
	fleet.sick.delete(1);
	await inState("fragile", "done");
	expect((await leftOf("fragile")).rollouts).toBe(1);
});
