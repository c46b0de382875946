import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ensureAuthority } from "@/adapters/ca/authority";
import { ensureRelayCertificate } from "@/adapters/ca/relay-certificate";
import { createBareRepository, repositoryPath } from "@/adapters/git/bare";
import { fetchRemote } from "@/adapters/git/fetch-remote";
import { git, gitExecPath } from "@/adapters/git/run";
import { pathsOf } from "@/domain/installation";
import { parseManifest } from "@/domain/manifest/parse";
import type { Actor } from "@/domain/roles";
import { createGitServer } from "@/server/git/server";
import { actorOf, Clone, startTrialServer, withToken } from "@/server/git/testing/trial";
import { proposeManifest } from "@/server/services/import";
import { startPushReconciler } from "@/server/services/push";
import { openTestPortal, type TestPortal } from "@/server/testing/portal";
import { handleTrpc } from "@/server/trpc/handler";
import { appRouter } from "@/server/trpc/router";

/** A git host elsewhere, over TLS, with a public and a private repository; and a portal that imports from it. */
let portal: TestPortal;
let home: string;
let elsewhere: string;
let address: string;
let answer: RequestListener;
const clones: Clone[] = [];
const closing: (() => Promise<void>)[] = [];
const asked: string[] = [];
let count = 0;
let connections = 0;

const password = "only-for-this-test-token";
const dockerfile = "FROM golang:1.24\nEXPOSE 8080\nHEALTHCHECK CMD curl -f http://localhost:8080/readyz\nUSER app\n";

beforeAll(async () => {
	portal = await openTestPortal();
	home = portal.deps.env.home;
	elsewhere = mkdtempSync(join(tmpdir(), "sluice-elsewhere-"));
	const { relayKey, relayCertificate, caKey, caCertificate } = pathsOf(elsewhere);
	const authority = await ensureAuthority({ caKey, caCertificate });
	const tls = await ensureRelayCertificate(authority, { relayKey, relayCertificate }, ["127.0.0.1"]);
	const server = createServer({ key: tls.key, cert: tls.certificate }, (request, response) => {
		asked.push(`${request.method} ${request.url}`);
		answer(request, response);
	});
	server.on("connection", () => {
		connections += 1;
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
	closing.push(async () => {
		server.closeAllConnections();
		server.close();
		await once(server, "close");
	});
});

afterAll(async () => {
	for (const close of closing) await close();
	for (const clone of clones) clone.remove();
	await portal.close();
	rmSync(elsewhere, { recursive: true, force: true });
});

beforeEach(async () => {
	asked.length = 0;
	answer = await gitHost((token) => token === password);
	allow(["127.0.0.0/8"]);
});

function allow(networks: readonly string[], caFile: string | null = pathsOf(elsewhere).caCertificate): void {
	writeFileSync(join(home, "import.json"), JSON.stringify({ networks, caFile }));
}

/** Its repositories whose name begins with "open" ask for nothing, the others for a token. */
async function gitHost(isToken: (token: string) => boolean): Promise<RequestListener> {
	const host = createGitServer({
		log: portal.deps.log,
		execPath: await gitExecPath(),
		repositories: elsewhere,
		authenticate: async (token) => (isToken(token) || token === "open" ? actorOf("developer") : null),
		hasRepository: async (name) => existsSync(repositoryPath(elsewhere, name)),
		recordPushes: async () => [],
	});
	return (request, response) => {
		if (request.url?.startsWith("/open")) request.headers.authorization = `Basic ${Buffer.from("x:open").toString("base64")}`;
		host.emit("request", request, response);
	};
}

/** A repository on the host elsewhere. */
async function remote(
	files: Record<string, string | Buffer>,
	options: { branch?: string; kind?: "open" | "closed" } = {},
): Promise<string> {
	const { branch = "main", kind = "open" } = options;
	const name = `${kind}-${++count}`;
	const path = repositoryPath(elsewhere, name);
	await createBareRepository(path, branch);
	const clone = new Clone();
	clones.push(clone);
	await clone.commit(files, "First");
	expect(await clone.git("push", path, `HEAD:refs/heads/${branch}`, "HEAD:refs/heads/other")).toMatchObject({ code: 0 });
	return `${address}/${name}.git`;
}

function caller(actor: Actor = portal.actor("developer")) {
	return appRouter.createCaller({ deps: portal.deps, actor }).import;
}

const head = async (name: string) =>
	(
		await git([
			"--git-dir",
			repositoryPath(portal.deps.env.paths.repositories, name),
			"for-each-ref",
			"--format=%(refname) %(objectname)",
		])
	).trim();
const pipelines = (repository: string) => portal.deps.database.pipeline.findMany({ where: { repository } });
const audit = (subject: string) =>
	portal.deps.database.auditRow.findMany({
		where: { subject },
		orderBy: { at: "asc" },
		select: { action: true, actorId: true, summary: true },
	});
const leftovers = () => readdirSync(portal.deps.env.paths.repositories).filter((name) => name.startsWith("."));

test("by address: its default branch arrives, nothing is built until its manifest is committed, and then as after a push", async () => {
	const url = await remote({ Dockerfile: dockerfile, "go.mod": "module x\n" }, { branch: "trunk" });
	const looked = await caller().look({ address: url, answers: { name: "greeter" } });
	expect(looked.proposal.service).toBe("greeter");
	expect(await portal.deps.database.repository.count({ where: { name: looked.repository } })).toBe(0);

	const made = await caller().fetch({ address: url, name: "greeter" });
	expect(made).toMatchObject({ name: "greeter", defaultBranch: "trunk", lastPipeline: null });
	expect(await head("greeter")).toMatch(/^refs\/heads\/trunk [0-9a-f]{40}$/);
	const reconciler = startPushReconciler(portal.deps);
	await reconciler.close();
	expect(await pipelines("greeter")).toEqual([]);

	const page = await caller(portal.actor("viewer")).propose({ repository: "greeter" });
	expect(page).toMatchObject({ branch: "trunk", hasManifest: false, refusal: null });
	expect(page.proposal.values).toContainEqual({ key: "port.http", value: "8080 http", from: { file: "Dockerfile", line: 2 } });
	expect(page.proposal.questions.map(({ key }) => key)).toEqual(["owner", "strategy", "baseImages"]);

	const answered = await caller().propose({ repository: "greeter", answers: { owner: "Welcome" } });
	const { manifest } = answered.proposal;
	expect(await caller().commit({ repository: "greeter", base: page.commit, manifest })).toEqual({
		repository: "greeter",
		number: 1,
	});
	const [pipeline, ...others] = await pipelines("greeter");
	expect(others).toEqual([]);
	expect(pipeline).toMatchObject({ branch: "trunk", pushedBy: "developer", pushedById: "developer", author: "developer" });
	const path = repositoryPath(portal.deps.env.paths.repositories, "greeter");
	const committed = await git(["--git-dir", path, "show", `${pipeline?.commit}:sluice.yaml`]);
	expect(committed).toBe(manifest);
	expect(parseManifest(committed, "sluice.yaml")).toMatchObject({ service: "greeter", owner: "Welcome" });
	expect(await git(["--git-dir", path, "show", `${pipeline?.commit}:Dockerfile`])).toBe(dockerfile);
	expect(await portal.deps.database.outbox.count({ where: { key: "pipeline.start/greeter/1" } })).toBe(1);
	expect((await audit("greeter")).map(({ action, actorId }) => [action, actorId])).toEqual([
		["import.fetch", "developer"],
		["import.commit", "developer"],
	]);
	expect((await audit("greeter/1")).map(({ action }) => action)).toEqual(["pipeline.push"]);
	expect(leftovers()).toEqual([]);
});

test("a repository with a sluice.yaml is delivered at once", async () => {
	const { manifest } = (await caller().look({ address: await remote({ Dockerfile: dockerfile }), name: "ready" })).proposal;
	await caller().fetch({ address: await remote({ Dockerfile: dockerfile, "sluice.yaml": manifest }), name: "ready" });
	expect(await pipelines("ready")).toHaveLength(1);
	const page = await caller().propose({ repository: "ready" });
	expect(page.hasManifest).toBe(true);
	await expect(caller().commit({ repository: "ready", base: page.commit, manifest })).rejects.toThrow(
		"has a sluice.yaml already",
	);
});

test("a private repository needs a password, which reaches nothing but its host", async () => {
	const url = await remote({ Dockerfile: dockerfile }, { kind: "closed" });
	await expect(caller().fetch({ address: url, name: "secret" })).rejects.toThrow("asks for a user and a password");
	const wrong = { username: "x", password: "wrong-password" };
	await expect(caller().fetch({ address: url, name: "secret", credentials: wrong })).rejects.toThrow(
		/^(?!.*wrong-password).*refuses this user/,
	);
	await caller().fetch({ address: url, name: "secret", credentials: { username: "x", password } });
	const path = repositoryPath(portal.deps.env.paths.repositories, "secret");
	const kept = await git(["--git-dir", path, "config", "--list"]);
	const rows = JSON.stringify(await portal.deps.database.auditRow.findMany(), (_, value) =>
		typeof value === "bigint" ? String(value) : value,
	);
	expect(`${kept}${rows}${asked.join("\n")}`).not.toContain(password);
	expect(readdirSync(tmpdir()).filter((name) => name.startsWith("sluice-askpass-"))).toEqual([]);
});

test.each([
	["ext::sh -c id", "no spaces"],
	["ext::sh", "runs a program"],
	["file:///etc", "begin with https"],
	["--upload-pack=id", "begins with https"],
	["http://127.0.0.1/a", "plain http"],
	["ssh://127.0.0.1/a", "over SSH"],
])("%s is refused and nothing is asked", async (bad, says) => {
	await expect(caller().fetch({ address: bad, name: "bad" })).rejects.toThrow(says);
	await expect(caller().look({ address: bad, name: "bad" })).rejects.toThrow(says);
	expect(asked).toEqual([]);
});

test("addresses of this machine, of its networks and of clouds' metadata are refused before they are asked, unless allowed", async () => {
	const url = await remote({ Dockerfile: dockerfile });
	allow([]);
	for (const host of ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"]) {
		const other = url.replace("127.0.0.1", host);
		await expect(caller().fetch({ address: other, name: "bad" })).rejects.toThrow("must not reach");
	}
	await expect(caller().fetch({ address: "https://169.254.169.254/latest", name: "bad" })).rejects.toThrow("must not reach");
	allow(["10.0.0.0/8"]);
	await expect(caller().fetch({ address: url, name: "bad" })).rejects.toThrow("must not reach");
	expect(asked).toEqual([]);
});

test("a name is looked up once: git connects to the address that was checked, whatever the name means later", async () => {
	const before = connections;
	const wanted = {
		address: `https://import.invalid:${new URL(address).port}/open.git`,
		credentials: null,
		pusher: { name: "x", email: "x@sluice" },
	};
	const settings = { networks: ["127.0.0.0/8"], caFile: pathsOf(elsewhere).caCertificate };
	const path = join(elsewhere, "pinned");
	// The certificate is not of that name, which only a connection can tell.
	await expect(fetchRemote(path, wanted, settings, { lookUp: async () => ["127.0.0.1"] })).rejects.toThrow("is not trusted here");
	expect(connections).toBe(before + 1);
	const mixed = async () => ["1.1.1.1", "169.254.169.254"];
	await expect(fetchRemote(path, wanted, settings, { lookUp: mixed })).rejects.toThrow("at 169.254.169.254, in a network");
});

test("objects that would harm who checks them out are refused", async () => {
	const name = "open-harm";
	const path = repositoryPath(elsewhere, name);
	await createBareRepository(path, "main");
	const file = join(elsewhere, "config");
	writeFileSync(file, "[core]\n\tfsmonitor = id\n");
	const blob = (await git(["--git-dir", path, "hash-object", "-w", "--", file])).trim();
	await commitTree(path, await listed(path, [`040000 tree ${await listed(path, [`100644 blob ${blob}\tconfig`])}\t.git`]));
	await expect(caller().fetch({ address: `${address}/${name}.git`, name: "harm" })).rejects.toThrow(
		"has objects that git itself refuses",
	);
	expect(await portal.deps.database.repository.count({ where: { name: "harm" } })).toBe(0);
	expect(leftovers()).toEqual([]);
});

test("a redirect is not followed, wherever it leads", async () => {
	const inner = await remote({ Dockerfile: dockerfile });
	answer = (request, response) => {
		response.writeHead(302, { location: request.url?.startsWith("/open-x") ? inner : `${address}/inner` }).end();
	};
	await expect(caller().fetch({ address: `${address}/open-x.git`, name: "bad" })).rejects.toThrow("leads on to another address");
	expect(asked).toHaveLength(1);
	expect(leftovers()).toEqual([]);
});

test("objects elsewhere that a server names are not fetched", async () => {
	const commit = "1".repeat(40);
	answer = (request, response) => {
		const path = request.url?.split("?")[0] ?? "";
		if (path.endsWith("/info/refs")) return response.end(`${commit}\trefs/heads/main\n`);
		if (path.endsWith("/HEAD")) return response.end("ref: refs/heads/main\n");
		if (path.endsWith("alternates")) return response.end(`${address}/stolen/objects\n`);
		response.writeHead(404).end();
	};
	await expect(caller().fetch({ address: `${address}/dumb.git`, name: "bad" })).rejects.toThrow();
	expect(asked.filter((line) => line.includes("stolen"))).toEqual([]);
});

test("a certificate of nobody we know is refused", async () => {
	const url = await remote({ Dockerfile: dockerfile });
	allow(["127.0.0.0/8"], null);
	await expect(caller().fetch({ address: url, name: "bad" })).rejects.toThrow("is not trusted here");
	expect(asked).toEqual([]);
});

test("what is too large or too slow is stopped, and nothing of it stays", async () => {
	const noise = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * index * 7_919 + (index >> 3)) % 251));
	const url = await remote({ noise });
	const path = join(elsewhere, "limited");
	const pusher = { name: "x", email: "x@sluice" };
	const settings = { networks: ["127.0.0.0/8"], caFile: pathsOf(elsewhere).caCertificate };
	const wanted = { address: url, credentials: null, pusher };
	await expect(fetchRemote(path, wanted, settings, { limits: { bytes: 1_000, ms: 60_000 } })).rejects.toThrow("larger than");
	expect(existsSync(path)).toBe(false);
	answer = () => {};
	await expect(fetchRemote(path, wanted, settings, { limits: { bytes: 1e9, ms: 300 } })).rejects.toThrow("did not arrive within");
	expect(existsSync(path)).toBe(false);
});

test("no submodule is followed and no link is read", async () => {
	const url = await remote({
		Dockerfile: dockerfile,
		".gitmodules": `[submodule "x"]\n\tpath = x\n\turl = ${address}/stolen.git\n`,
	});
	await caller().fetch({ address: url, name: "modules" });
	expect(asked.filter((line) => line.includes("stolen"))).toEqual([]);
	const clone = new Clone();
	clones.push(clone);
	await clone.commit({ "a.txt": "a" }, "First");
	clone.link("/etc/passwd", "Dockerfile");
	await clone.git("add", "--all");
	await clone.git("commit", "--quiet", "--message", "A link");
	await clone.git("push", repositoryPath(elsewhere, "open-link"), "main");
	await createBareRepository(repositoryPath(elsewhere, "open-link"), "main");
	expect(await clone.git("push", repositoryPath(elsewhere, "open-link"), "main")).toMatchObject({ code: 0 });
	const page = await caller().look({ address: `${address}/open-link.git` });
	expect(page.proposal.questions.map(({ key }) => key)).toContain("dockerfile");
	expect(JSON.stringify(page)).not.toContain("root:");
});

test("an empty repository and a taken name are refused in a sentence", async () => {
	await createBareRepository(repositoryPath(elsewhere, "open-empty"), "main");
	await expect(caller().fetch({ address: `${address}/open-empty.git` })).rejects.toThrow("is it empty?");
	const url = await remote({ Dockerfile: dockerfile });
	await caller().fetch({ address: url, name: "twice" });
	await expect(caller().fetch({ address: url, name: "twice" })).rejects.toThrow('There is a repository "twice" already');
	for (const name of ["../x", "a;id", "A", ".importing-x"]) {
		await expect(caller().fetch({ address: url, name })).rejects.toThrow("is not a repository's name");
	}
	expect(leftovers()).toEqual([]);
});

test("a commit is refused when the manifest is wrong, the branch has moved, or another repository makes the service", async () => {
	const url = await remote({ Dockerfile: dockerfile });
	await caller().fetch({ address: url, name: "first" });
	await caller().fetch({ address: url, name: "second" });
	const { proposal, commit } = await caller().propose({ repository: "second" });
	const wish = { repository: "second", base: commit, manifest: proposal.manifest };
	const wrong = proposal.manifest.replace("targetPort", "targetport");
	await expect(caller().commit({ ...wish, manifest: wrong })).rejects.toThrow(
		/sluice\.yaml:\d+:\d+: unknown key "targetport"; did you mean "targetPort"/,
	);
	const checked = await caller(portal.actor("viewer")).check({ manifest: wrong });
	expect(checked.problems).toMatchObject([{ file: "sluice.yaml", message: expect.stringContaining("unknown key") }]);
	expect(checked.problems[0]?.line).toBeGreaterThan(10);
	expect(await caller().check({ manifest: proposal.manifest })).toEqual({ service: "second", problems: [] });
	await expect(caller().commit({ ...wish, base: "0".repeat(40) })).rejects.toThrow("Somebody has pushed to main meanwhile");
	await portal.deps.database.service.create({ data: { name: "second", repository: "first", createdBy: "x" } });
	await expect(caller().commit(wish)).rejects.toThrow("is made by the repository first");
	expect(await pipelines("second")).toEqual([]);
	expect((await audit("second")).map(({ action }) => action)).toEqual(["import.fetch"]);
	await expect(caller().commit({ ...wish, repository: "nowhere" })).rejects.toThrow("There is no repository nowhere");
});

test("by push: whoever pushes without a manifest is told where one is proposed", async () => {
	await appRouter.createCaller({ deps: portal.deps, actor: portal.actor("developer") }).repository.create({ name: "pushed" });
	await expect(proposeManifest(portal.deps, "pushed", {})).rejects.toThrow("push the service first");
	const server = await startTrialServer(portal.deps);
	closing.push(() => server.close());
	const clone = new Clone();
	clones.push(clone);
	await clone.commit({ Dockerfile: dockerfile }, "First");
	const { output } = await clone.git("push", withToken(server.url, "developer", "pushed"), "main", "main:other");
	expect(output.match(/There is no sluice\.yaml in pushed: \S+\/create\?way=import&repository=pushed/g)).toHaveLength(1);
	const { proposal, commit } = await caller().propose({ repository: "pushed" });
	await caller().commit({ repository: "pushed", base: commit, manifest: proposal.manifest });
	expect((await pipelines("pushed")).map(({ branch }) => branch).sort()).toEqual(["main", "main", "other"]);
	await clone.git("pull", "--quiet", withToken(server.url, "developer", "pushed"), "main");
	await clone.commit({ "README.md": "x" }, "Second");
	expect((await clone.git("push", withToken(server.url, "developer", "pushed"), "main")).output).not.toContain(
		"There is no sluice.yaml",
	);
});

test("what the code says of its health check is proposed with its place", async () => {
	const main = 'package main\n\nfunc main() {\n\thttp.HandleFunc("/healthz", ok)\n\thttp.HandleFunc("/ready", ok)\n}\n';
	const url = await remote({
		Dockerfile: "FROM golang\nEXPOSE 8080\n",
		"cmd/main.go": main,
		"cmd/main_test.go": 'x("/readyz")\n',
	});
	const { proposal } = await caller().look({ address: url });
	expect(proposal.questions.find(({ key }) => key === "healthPath")).toMatchObject({ proposed: "/ready", isOpen: true });
	expect(proposal.values).toContainEqual({ key: "health", value: "GET /ready :8080", from: { file: "cmd/main.go", line: 5 } });
});

test("folders full of Kubernetes manifests hide neither a Dockerfile nor the manifest nearest to the root", async () => {
	const others = Array.from({ length: 70 }, (_, index) => [`k8s/more/${index}.yaml`, "kind: ConfigMap\n"]);
	const url = await remote({
		...Object.fromEntries(others),
		"k8s/service.yaml": `kind: Deployment
metadata: { name: shop }
spec: { template: { spec: { containers: [{ image: shop, ports: [{ containerPort: 7070, name: web }] }] } } }
`,
		"server/Dockerfile": "FROM golang\n",
	});
	const { proposal } = await caller().look({ address: url });
	const from = { file: "k8s/service.yaml", line: 3 };
	expect(proposal.values).toContainEqual({ key: "port.web", value: "7070 http", from });
	expect(proposal.values).toContainEqual(expect.objectContaining({ key: "dockerfile", value: "server/Dockerfile" }));
});

test("a tree that unfolds to more files than fit is refused", async () => {
	const name = "open-bomb";
	const path = repositoryPath(elsewhere, name);
	await createBareRepository(path, "main");
	const file = join(elsewhere, "one-byte");
	writeFileSync(file, "x");
	const blob = (await git(["--git-dir", path, "hash-object", "-w", "--", file])).trim();
	let tree = await treeOf(path, `100644 blob ${blob}`);
	for (let depth = 0; depth < 8; depth += 1) tree = await treeOf(path, `040000 tree ${tree}`);
	await commitTree(path, tree);
	await expect(caller().look({ address: `${address}/${name}.git` })).rejects.toThrow("more files than can be listed");
});

/** Ten entries of the same thing: names differ, objects do not. */
function treeOf(path: string, entry: string): Promise<string> {
	return listed(
		path,
		Array.from({ length: 10 }, (_, index) => `${entry}\tname-${index}-${"x".repeat(40)}`),
	);
}

async function listed(path: string, entries: readonly string[]): Promise<string> {
	const child = spawn("git", ["--git-dir", path, "mktree"], { stdio: ["pipe", "pipe", "inherit"] });
	child.stdin.end(entries.map((entry) => `${entry}\n`).join(""));
	return (await text(child.stdout)).trim();
}

async function commitTree(path: string, tree: string): Promise<void> {
	const by = { GIT_AUTHOR_NAME: "x", GIT_AUTHOR_EMAIL: "x@x", GIT_COMMITTER_NAME: "x", GIT_COMMITTER_EMAIL: "x@x" };
	const commit = (await git(["--git-dir", path, "commit-tree", tree, "-m", "Made by hand"], by)).trim();
	await git(["--git-dir", path, "update-ref", "refs/heads/main", commit], by);
}

test("`sluice import` says what it would propose, refuses open questions, and commits what was answered", async () => {
	const url = await remote({ Dockerfile: dockerfile });
	const run = await commandLine();
	const dry = await run("import", url, "--name", "by-command", "--dry-run");
	expect(dry.code).toBe(0);
	expect(parseManifest(dry.stdout, "sluice.yaml").service).toBe("by-command");
	expect(dry.stderr).toMatch(/^port\.http = 8080 http, from Dockerfile:2$/m);
	expect(dry.stderr).toMatch(/^\? owner: /m);
	expect(await portal.deps.database.repository.count({ where: { name: "by-command" } })).toBe(0);

	const open = await run("import", url, "--name", "by-command");
	expect(open.code).toBe(2);
	expect(open.stderr).toContain("Nothing was committed: answer with `sluice import by-command --set owner=…`");
	expect(await pipelines("by-command")).toEqual([]);
	const done = await run("import", "by-command", "--set", "owner=Post", "--output", "json");
	expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining("pipeline 1 has begun") });
	expect(JSON.parse(done.stdout)).toEqual({ repository: "by-command", number: 1 });
	expect(await run("import", "by-command")).toMatchObject({
		code: 5,
		stderr: expect.stringContaining("has a sluice.yaml already"),
	});
	expect((await run("import", "--name", "bad", "--", "--upload-pack=id")).code).toBe(2);
});

/** The real command, against the portal's own handler. */
async function commandLine(): Promise<(...argv: string[]) => Promise<{ code: number | null; stdout: string; stderr: string }>> {
	const server = createHttpServer(async (request, response) => {
		const body = request.method === "POST" ? await text(request) : null;
		const headers = { authorization: request.headers.authorization ?? "", "content-type": "application/json" };
		const asked = new Request(`http://localhost${request.url}`, { method: request.method ?? "GET", headers, body });
		const answered = await handleTrpc(portal, asked);
		response.writeHead(answered.status, { "content-type": "application/json" }).end(await answered.text());
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	closing.push(async () => {
		server.closeAllConnections();
		server.close();
		await once(server, "close");
	});
	const environment = {
		...process.env,
		SLUICE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		SLUICE_TOKEN: readFileSync(portal.deps.env.paths.apiToken, "utf8").trim(),
		TSX_TSCONFIG_PATH: "tsconfig.json",
	};
	return async (...argv) => {
		const child = spawn(process.execPath, ["--import", "tsx", "cli/main.ts", ...argv], {
			env: environment,
			stdio: ["ignore", "pipe", "pipe"],
		});
		const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
		return { code: code as number | null, stdout, stderr };
	};
}
