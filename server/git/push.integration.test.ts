import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBareRepository, repositoryPath } from "@/adapters/git/bare";
import { actorOf, Clone, startTrialServer, trialDeps, withToken } from "@/server/git/testing/trial";
import { type PushDeps, recordPushes, startPushReconciler } from "@/server/services/push";
import { createRepository } from "@/server/services/repository";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";

let scratch: ScratchDatabase;
let home: string;
let deps: PushDeps;
let server: Awaited<ReturnType<typeof startTrialServer>>;
const clones: Clone[] = [];
let count = 0;

beforeAll(async () => {
	scratch = await scratchDatabase();
	home = mkdtempSync(join(tmpdir(), "sluice-push-"));
	deps = trialDeps(scratch.database, home);
	server = await startTrialServer(deps);
});

afterAll(async () => {
	await server.close();
	for (const clone of clones) clone.remove();
	rmSync(home, { recursive: true, force: true });
	await scratch.drop();
});

async function newRepository(): Promise<{ name: string; clone: Clone; url: (token?: string) => string }> {
	const name = `trial-${++count}`;
	await createRepository(deps, actorOf("developer"), name);
	const clone = new Clone();
	clones.push(clone);
	return { name, clone, url: (token = "developer") => withToken(server.url, token, name) };
}

const pipelines = (repository: string) =>
	scratch.database.pipeline.findMany({ where: { repository }, orderBy: { number: "asc" } });

test("a push is recorded before git has its answer: pipeline, head, audit row and outbox", async () => {
	const { name, clone, url } = await newRepository();
	const commit = await clone.commit({ "a.txt": "a" }, "First");
	const push = await clone.git("push", url(), "main");
	const [pipeline, ...others] = await pipelines(name);
	expect(others).toEqual([]);
	expect(pipeline).toMatchObject({
		number: 1,
		branch: "main",
		commit,
		commitMessage: "First",
		author: "Ada",
		pushedBy: "the developer",
	});
	expect(push.output).toContain(`remote: main: pipeline 1 at http://localhost:28100/pipelines/${name}/1`);
	const steps = await scratch.database.pipelineStep.findMany({ where: { pipelineId: pipeline?.id ?? "" } });
	expect(steps).toHaveLength(6);
	const audit = await scratch.database.auditRow.findFirst({ where: { action: "pipeline.push", subject: `${name}/1` } });
	expect(audit).toMatchObject({ actorKind: "token", actorId: "id-developer", actorName: "the developer" });
	const outbox = await scratch.database.outbox.findMany({ where: { key: `pipeline.start/${name}/1` } });
	expect(outbox.map((row) => [row.kind, row.payload])).toEqual([
		["pipeline.start", { pipelineId: pipeline?.id, repository: name, number: 1 }],
	]);
});

test("what was pushed can be fetched, by a viewer too", async () => {
	const { clone, url } = await newRepository();
	// Larger than git's post buffer: sent in chunks, and incompressible.
	const commit = await clone.commit({ "big.bin": randomBytes(3_000_000) }, "Big");
	expect((await clone.git("push", url(), "main")).code).toBe(0);
	const other = new Clone();
	clones.push(other);
	expect((await other.git("clone", "--quiet", url("viewer"), "copy")).code).toBe(0);
	expect((await other.git("-C", "copy", "rev-parse", "HEAD")).output.trim()).toBe(commit);
});

test("a wrong token is 401, a viewer cannot push, an unknown repository is 404, each with a sentence", async () => {
	const { name, clone, url } = await newRepository();
	await clone.commit({ "a.txt": "a" }, "First");
	expect((await clone.git("push", url("wrong"), "main")).output).toMatch(/Authentication failed/);
	expect((await clone.git("push", url("viewer"), "main")).output).toMatch(
		/remote: git.push needs the role developer; the viewer is viewer/,
	);
	const missing = await clone.git("push", withToken(server.url, "developer", "nowhere"), "main");
	expect(missing.output).toMatch(/remote: There is no repository "nowhere"/);
	expect(await pipelines(name)).toEqual([]);
	expect((await fetch(`${server.url}/${name}.git/info/refs?service=git-upload-pack`)).status).toBe(401);
});

test("a push whose record was lost with a killed server is found once, by any number of workers", async () => {
	const { name, clone, url } = await newRepository();
	const commit = await clone.commit({ "a.txt": "a" }, "Lost");
	const script = join(import.meta.dirname, "testing/dying-server.ts");
	const dying = spawn(process.execPath, ["--import", "tsx", script, deps.env.paths.repositories], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	const ended = once(dying, "exit");
	const [address] = (await once(dying.stdout, "data")) as [Buffer];
	const push = await clone.git("push", withToken(address.toString().trim(), "developer", name), "main");
	expect(await ended).toEqual([null, "SIGKILL"]);
	expect(push.code).not.toBe(0);
	expect(await pipelines(name)).toEqual([]);
	const reconcilers = [startPushReconciler(deps), startPushReconciler(deps), startPushReconciler(deps)];
	for (const one of reconcilers) await one.close();
	expect((await pipelines(name)).map((row) => [row.commit, row.pushedBy])).toEqual([[commit, "the developer"]]);
	expect((await clone.git("push", url(), "main")).output).toMatch(/up-to-date/);
	expect(await pipelines(name)).toHaveLength(1);
});

test("an older head is never recorded over a newer one, whoever records", async () => {
	const { name, clone, url } = await newRepository();
	for (const text of ["1", "2", "3"]) {
		await clone.commit({ "a.txt": text }, text);
		await Promise.all([clone.git("push", url(), "main"), recordPushes(deps, name), recordPushes(deps, name)]);
	}
	expect((await pipelines(name)).map((row) => [row.number, row.commitMessage])).toEqual([
		[1, "1"],
		[2, "2"],
		[3, "3"],
	]);
});

test("hostile branch names are only names", async () => {
	const { name, clone, url } = await newRepository();
	await clone.commit({ "a.txt": "a" }, "First");
	const branches = ["main;id", "$(id)", "--upload-pack=x", "a/b'c\"d", "ünïcode"];
	for (const branch of branches) await clone.git("push", url(), `HEAD:refs/heads/${branch}`);
	expect((await pipelines(name)).map((row) => [row.branch, row.pushedBy]).sort()).toEqual(
		branches.map((branch) => [branch, "the developer"]).sort(),
	);
});

test("tags and deleted branches make no pipeline", async () => {
	const { name, clone, url } = await newRepository();
	await clone.commit({ "a.txt": "a" }, "First");
	await clone.git("push", url(), "main", "HEAD:refs/heads/old");
	await clone.git("tag", "v1");
	expect((await clone.git("push", url(), "v1")).code).toBe(0);
	expect((await clone.git("push", url(), ":old")).code).toBe(0);
	expect(await pipelines(name)).toHaveLength(2);
	expect(await scratch.database.repositoryHead.findMany({ where: { repository: name } })).toHaveLength(1);
});

test("a repository's name is taken once and leads nowhere else", async () => {
	const { name } = await newRepository();
	await expect(createRepository(deps, actorOf("developer"), name)).rejects.toThrow(/There is a repository/);
	for (const bad of ["../x", "a/b", "", "A", "a--b", "ext::sh"]) {
		await expect(createRepository(deps, actorOf("developer"), bad)).rejects.toThrow(/not a repository's name/);
	}
	await createBareRepository(repositoryPath(deps.env.paths.repositories, name), "main");
});
