import { createHmac } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureAuthority } from "@/adapters/ca/authority";
import { ensureRelayCertificate } from "@/adapters/ca/relay-certificate";
import { branchHeads, createBareRepository, repositoryPath } from "@/adapters/git/bare";
import { gitExecPath } from "@/adapters/git/run";
import { pathsOf } from "@/domain/installation";
import { createGitServer } from "@/server/git/server";
import { actorOf, Clone } from "@/server/git/testing/trial";
import { handleHook } from "@/server/hooks/handler";
import { takeOver } from "@/server/services/hook-take-over";
import { openTestPortal, type TestPortal } from "@/server/testing/portal";
import { appRouter } from "@/server/trpc/router";

/** A git host elsewhere over TLS, and a portal that imported a repository from it and takes over what is pushed there. */
let portal: TestPortal;
let elsewhere: string;
let server: Server;
let address: string;
let clone: Clone;
let hook: { id: string; secret: string };
let deliveries = 0;

const name = "orders";
const password = "only-for-this-test-token";

beforeAll(async () => {
	portal = await openTestPortal();
	elsewhere = mkdtempSync(join(tmpdir(), "sluice-elsewhere-"));
	const { relayKey, relayCertificate, caKey, caCertificate } = pathsOf(elsewhere);
	const authority = await ensureAuthority({ caKey, caCertificate });
	const tls = await ensureRelayCertificate(authority, { relayKey, relayCertificate }, ["127.0.0.1"]);
	const host = createGitServer({
		log: portal.deps.log,
		execPath: await gitExecPath(),
		repositories: elsewhere,
		authenticate: async (token) => (token === password ? actorOf("developer") : null),
		hasRepository: async (one) => existsSync(repositoryPath(elsewhere, one)),
		recordPushes: async () => [],
	});
	server = createServer({ key: tls.key, cert: tls.certificate }, (request, response) => host.emit("request", request, response));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/${name}.git`;
	const settings = { networks: ["127.0.0.0/8"], caFile: caCertificate };
	writeFileSync(join(portal.deps.env.home, "import.json"), JSON.stringify(settings));
	await createBareRepository(repositoryPath(elsewhere, name), "main");
	clone = new Clone();
	await pushThere({ Dockerfile: "FROM scratch\n", "sluice.yaml": "x: 1\n" }, "First");
	const { database } = portal.deps;
	await database.user.create({ data: { id: "operator", name: "operator", email: "operator@example.test", role: "operator" } });
	await database.user.create({ data: { id: "ada", name: "Ada", email: "ada@example.test", role: "developer" } });
	const credentials = { username: "x", password };
	await caller().import.fetch({ address, name, credentials });
	hook = await caller().hook.create({ repository: name, kind: "github", credentials });
});

afterAll(async () => {
	server.closeAllConnections();
	server.close();
	clone.remove();
	await portal.close();
	rmSync(elsewhere, { recursive: true, force: true });
});

const caller = () => appRouter.createCaller({ deps: portal.deps, actor: portal.actor("operator") });

async function pushThere(files: Record<string, string>, message: string, branch = "main"): Promise<string> {
	await clone.commit(files, message);
	expect(await clone.git("push", "--force", repositoryPath(elsewhere, name), `HEAD:refs/heads/${branch}`)).toMatchObject({
		code: 0,
	});
	const head = (await branchHeads(repositoryPath(elsewhere, name))).find((one) => one.branch === branch);
	return head?.commit ?? "";
}

const headHere = async () => (await branchHeads(repositoryPath(portal.deps.env.paths.repositories, name)))[0]?.commit;
const pipelines = () =>
	portal.deps.database.pipeline.findMany({
		where: { repository: name },
		orderBy: { number: "asc" },
		select: { commit: true, pushedById: true },
	});
const refusals = () => portal.deps.database.auditRow.count({ where: { action: "hook.refuse" } });

interface Message {
	readonly ref?: string;
	readonly email?: string;
	readonly event?: string;
	readonly id?: string;
	readonly secret?: string;
	/** Goes out as the body, whatever was signed. */
	readonly body?: string;
}

async function send(message: Message = {}): Promise<{ status: number; delivery: string | undefined; message: string }> {
	const { ref = "refs/heads/main", email, event = "push", id, secret = hook.secret } = message;
	deliveries += 1;
	const body = JSON.stringify({ ref, after: "f".repeat(40), count: deliveries, pusher: { email } });
	const headers = {
		"x-github-event": event,
		"x-github-delivery": id ?? `d${deliveries}`,
		"x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
	};
	return post(message.body ?? body, headers);
}

async function post(body: string, headers: Record<string, string>, to = hook.id) {
	const request = new Request(`http://localhost/api/hooks/${to}`, { method: "POST", body, headers });
	const answer = await handleHook(portal, request, to);
	const said = (await answer.json()) as { message: string; delivery?: string };
	return { status: answer.status, delivery: said.delivery, message: said.message };
}

/** What a worker does with a message, once. */
async function work(delivery: string | undefined, round = 1): Promise<number | null> {
	return takeOver(portal.deps, delivery ?? "", round);
}

const logged = async (delivery: string | undefined) => caller().webhook.delivery({ delivery: delivery ?? "" });

test("a push there, rightly signed, is fetched and becomes a pipeline here, once, of the person with that address", async () => {
	const before = (await pipelines()).length;
	const commit = await pushThere({ "a.txt": "1" }, "Second");
	const sent = await send({ email: "Ada@example.test" });
	expect([sent.status, await headHere()]).toEqual([202, (await pipelines()).at(-1)?.commit]);
	expect(await work(sent.delivery)).toBeNull();
	expect(await headHere()).toBe(commit);
	expect((await pipelines()).slice(before)).toEqual([{ commit, pushedById: "ada" }]);
	expect(await logged(sent.delivery)).toMatchObject({
		...{ state: "delivered", hook: hook.id, to: name, type: "push", tries: 1, body: null },
		reason: expect.stringMatching(new RegExp(`main is at ${commit.slice(0, 7)} now: pipeline \\d+ runs`)),
	});
	const [row] = await portal.deps.database.outbox.findMany({ where: { kind: "webhook.receive" } });
	expect(row?.payload).toEqual({ deliveryId: sent.delivery, round: 1 });
	// The worker of a later round finds nothing to do, and nothing is made twice.
	expect(await work(sent.delivery)).toBeNull();
	expect((await pipelines()).length).toBe(before + 1);
});

test("one that comes again is ignored, under its own id and under another with the same body", async () => {
	const first = await send({ id: "same" });
	expect(first.status).toBe(202);
	const rows = await portal.deps.database.webhookDelivery.count();
	expect(await send({ id: "same" })).toMatchObject({ status: 200, delivery: undefined });
	const body = JSON.stringify({ ref: "refs/heads/main", replayed: true });
	const signed = {
		"x-github-event": "push",
		"x-hub-signature-256": `sha256=${createHmac("sha256", hook.secret).update(body).digest("hex")}`,
	};
	expect((await post(body, { ...signed, "x-github-delivery": "one" })).status).toBe(202);
	expect((await post(body, { ...signed, "x-github-delivery": "two" })).status).toBe(200);
	expect(await portal.deps.database.webhookDelivery.count()).toBe(rows + 1);
});

test("a wrong signature is refused and written down, at most ten times a minute; one that is right still comes through", async () => {
	const rows = await portal.deps.database.webhookDelivery.count();
	const wrong = await send({ secret: "whsec_wrong" });
	expect(wrong).toMatchObject({ status: 401, message: expect.stringContaining("signature is not right") });
	expect((await send({ body: '{"ref":"refs/heads/main"}' })).status).toBe(401);
	expect((await post("{}", {})).status).toBe(401);
	expect(await refusals()).toBe(3);
	const unknown = await post("{}", {}, "nobody");
	expect([unknown.status, unknown.message]).toEqual([401, wrong.message]);
	const statuses = [];
	for (let tries = 0; tries < 9; tries += 1) statuses.push((await send({ secret: "whsec_wrong" })).status);
	expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 401, 429, 429]);
	expect(await refusals()).toBe(10);
	expect(await portal.deps.database.webhookDelivery.count()).toBe(rows);
	expect((await send({ event: "ping" })).status).toBe(202);
	const large = "x".repeat(5 * 1024 * 1024 + 1);
	expect((await post(large, { "x-hub-signature-256": "sha256=0" })).status).toBe(413);
	expect(
		(await post("{}", { "x-hub-signature-256": `sha256=${createHmac("sha256", hook.secret).update("{}").digest("hex")}` }))
			.status,
	).toBe(400);
});

test("what is no push to the default branch is kept and nothing is fetched", async () => {
	const count = (await pipelines()).length;
	await pushThere({ "b.txt": "1" }, "Elsewhere", "other");
	const ping = await send({ event: "ping" });
	const other = await send({ ref: "refs/heads/other" });
	expect([(await logged(ping.delivery)).state, (await logged(other.delivery)).state]).toEqual(["ignored", "ignored"]);
	expect((await logged(other.delivery)).reason).toContain("only main is taken over");
	expect(await work(ping.delivery)).toBeNull();
	expect((await pipelines()).length).toBe(count);
	await expect(caller().webhook.redeliver({ delivery: ping.delivery ?? "" })).rejects.toThrow("nothing to do");
});

test("a history that was rewritten there throws nothing away here, and says why; repaired, it is fetched again", async () => {
	const kept = await headHere();
	const count = (await pipelines()).length;
	await clone.git("commit", "--amend", "--quiet", "-m", "Rewritten");
	await clone.git("reset", "--quiet", "--hard", "HEAD~1");
	await clone.git("commit", "--amend", "--quiet", "-m", "Also rewritten");
	await pushThere({ "c.txt": "1" }, "On top");
	const sent = await send();
	expect(await work(sent.delivery)).toBeNull();
	const page = await logged(sent.delivery);
	expect(page).toMatchObject({ state: "given-up", tries: 1 });
	expect(page.reason).toMatch(/main here has \d+ commits? that https:.* has not .*none is thrown away/);
	expect([await headHere(), (await pipelines()).length]).toEqual([kept, count]);
	await clone.git("fetch", "--quiet", repositoryPath(portal.deps.env.paths.repositories, name), "main");
	await clone.git("reset", "--quiet", "--hard", "FETCH_HEAD");
	const commit = await pushThere({ "d.txt": "1" }, "Forward again");
	await caller().webhook.redeliver({ delivery: sent.delivery ?? "" });
	expect(await work(sent.delivery, 2)).toBeNull();
	expect([await headHere(), (await logged(sent.delivery)).state]).toEqual([commit, "delivered"]);
});

test("a host that is away is asked again later; who may not push any more takes the hook with them; removed it knows nobody", async () => {
	const { database } = portal.deps;
	await database.user.update({ where: { id: "operator" }, data: { role: "viewer" } });
	const refused = await send();
	expect(await work(refused.delivery)).toBeNull();
	expect((await logged(refused.delivery)).reason).toContain("may not push to orders any more");
	await database.user.update({ where: { id: "operator" }, data: { role: "operator" } });
	await database.inboundHook.update({ where: { id: hook.id }, data: { address: "https://127.0.0.1:1/orders.git" } });
	const away = await send();
	expect(await work(away.delivery)).toBe(5_000);
	expect(await logged(away.delivery)).toMatchObject({
		state: "waiting",
		tries: 1,
		reason: expect.stringContaining("could not be fetched"),
	});
	const secrets = JSON.stringify([
		await database.auditRow.findMany({ where: { action: { startsWith: "hook." } }, select: { data: true, summary: true } }),
		await caller().hook.list(),
	]);
	expect([secrets.includes(hook.secret), secrets.includes(password)]).toEqual([false, false]);
	await caller().hook.remove({ id: hook.id });
	expect((await send()).status).toBe(401);
	expect(await database.webhookSecret.count({ where: { owner: `hook/${hook.id}` } })).toBe(0);
	await expect(caller().hook.create({ repository: "nothing", kind: "github" })).rejects.toThrow("There is no repository");
	await database.repository.create({ data: { name: "made-here", createdBy: "ada" } });
	await expect(caller().hook.create({ repository: "made-here", kind: "github" })).rejects.toThrow("was not imported");
});
