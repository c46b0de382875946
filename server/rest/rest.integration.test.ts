import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noLimits, type TokenLimits } from "@/domain/policy/scope";
import type { Actor, Role } from "@/domain/roles";
import { handleLive } from "@/server/live/handler";
import { handleRest } from "@/server/rest/handler";
import { answerOnce } from "@/server/rest/once";
import type { Problem } from "@/server/rest/problem";
import { verifyAudit } from "@/server/services/audit-verify";
import { createRepository } from "@/server/services/repository";
import { recordAudit } from "@/server/store/audit";
import { removeOldAnswers } from "@/server/store/idempotent-answer";
import { appendEvents } from "@/server/store/rollout-event";
import { openTestPortal, type TestPortal } from "@/server/testing/portal";
import { appRouter } from "@/server/trpc/router";

let portal: TestPortal;
let token: string;
let admin: Actor;

beforeAll(async () => {
	portal = await openTestPortal();
	token = readFileSync(portal.deps.env.paths.apiToken, "utf8").trim();
	const row = await portal.deps.database.user.findFirstOrThrow();
	admin = { kind: "user", id: row.id, name: row.name, role: "admin" };
});
afterAll(() => portal.close());

interface Asked {
	readonly body?: unknown;
	readonly token?: string | null;
	readonly key?: string;
	readonly headers?: Record<string, string>;
}

function requestOf(method: string, path: string, { body, token: own = token, key, headers = {} }: Asked): Request {
	return new Request(`http://localhost:27900/api/v1${path}`, {
		method,
		headers: {
			...(own === null ? {} : { authorization: `Bearer ${own}` }),
			...(body === undefined ? {} : { "content-type": "application/json" }),
			...(key === undefined ? {} : { "idempotency-key": key }),
			...headers,
		},
		...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
	});
}

async function ask(method: string, path: string, asked: Asked = {}) {
	const answer = await handleRest(portal, requestOf(method, path, asked));
	const text = await answer.text();
	return { status: answer.status, headers: answer.headers, text, json: JSON.parse(text) as Record<string, unknown> };
}

async function problem(method: string, path: string, asked: Asked = {}): Promise<Problem> {
	const answer = await ask(method, path, asked);
	expect(answer.headers.get("content-type")).toBe("application/problem+json");
	const told = answer.json as unknown as Problem;
	expect(told).toMatchObject({ status: answer.status, instance: `/api/v1${path.split("?")[0]}` });
	expect(told.type).toBe(`${portal.deps.env.portalUrl}/reference#${told.code}`);
	return told;
}

async function newToken(limits: Partial<TokenLimits>, role: Role = "admin"): Promise<string> {
	const caller = appRouter.createCaller({ deps: portal.deps, actor: admin });
	const { scopes = null, services = null, environments = null } = { ...noLimits, ...limits };
	const wish = {
		scopes: scopes && [...scopes],
		services: services && [...services],
		environments: environments && [...environments],
	};
	return (await caller.token.create({ name: randomUUID(), role, days: 1, limits: wish })).token;
}

const newName = () => `r-${randomUUID().slice(0, 8)}`;
const repositories = (name: string) => portal.deps.database.repository.count({ where: { name } });
const audits = (subject: string) => portal.deps.database.auditRow.count({ where: { subject } });

test("reads and changes go through the procedures: as they answer, with times as text", async () => {
	expect(await ask("GET", "/me")).toMatchObject({ status: 200, json: { role: "admin" } });
	const name = newName();
	expect(await ask("POST", "/repositories", { body: { name } })).toMatchObject({ status: 201, json: { name } });
	expect((await ask("GET", "/repositories")).json).toEqual(expect.arrayContaining([expect.objectContaining({ name })]));
	expect(await audits(name)).toBe(1);
	const [row] = (await ask("GET", "/audit?limit=1")).json.rows as { at: string }[];
	expect(row?.at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
});

test("a list goes on where its Link says", async () => {
	for (let n = 0; n < 3; n += 1) await ask("POST", "/repositories", { body: { name: newName() } });
	const seen: string[] = [];
	let path: string | undefined = "/audit?limit=2&action=repository.create";
	while (path !== undefined) {
		const { json, headers } = await ask("GET", path);
		seen.push(...(json.rows as { id: string }[]).map(({ id }) => id));
		path = /^<\/api\/v1(.*)>; rel="next"$/.exec(headers.get("link") ?? "")?.[1];
	}
	const all = await portal.deps.database.auditRow.findMany({ where: { action: "repository.create" }, orderBy: { id: "desc" } });
	expect(seen).toEqual(all.map(({ id }) => id.toString()));
	expect(seen.length).toBeGreaterThan(2);
});

test("a list of rollouts is told whole and once, also when several were made in one moment", async () => {
	const { database } = portal.deps;
	const shared = { strategy: "rolling", state: "promoted", toReleaseId: "rel", plan: {}, intentHash: "x", startedBy: "u" };
	const moments = ["2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.001Z"].map((at) => new Date(at));
	const data = ["b", "a"].flatMap((service) =>
		["staging", "production"].flatMap((environment) =>
			[1, 2, 3].map((number) => ({
				...{ ...shared, id: `${service}-${environment}-${number}`, service, environment, number },
				createdAt: moments[number % 2] ?? new Date(0),
			})),
		),
	);
	await database.rollout.createMany({ data });
	const seen: string[] = [];
	let path: string | undefined = "/rollouts?limit=5";
	while (path !== undefined) {
		const { text, headers } = await ask("GET", path);
		const rows = JSON.parse(text) as { service: string; environment: string; number: number }[];
		seen.push(...rows.map(({ service, environment, number }) => `${service}-${environment}-${number}`));
		path = /^<\/api\/v1(.*)>; rel="next"$/.exec(headers.get("link") ?? "")?.[1];
	}
	expect([...seen].sort()).toEqual(data.map(({ id }) => id).sort());
	expect(await problem("GET", "/rollouts?before=yesterday")).toMatchObject({ status: 400, code: "invalid" });
	expect((await ask("GET", "/pipelines?before=2026-01-01T00:00:00.000Z/orders/1")).status).toBe(200);
	await database.rollout.deleteMany();
});

test("every refusal is a problem with its own status and code", async () => {
	expect(await problem("GET", "/me", { token: null })).toMatchObject({ status: 401, code: "unauthenticated", retryable: false });
	expect(await problem("GET", "/me", { token: "sluice_wrong" })).toMatchObject({ status: 401 });
	expect(await problem("GET", "/nothing")).toMatchObject({ status: 404, code: "not-found", docs: "docs/errors.md#not-found" });
	expect(await problem("GET", "/services/none")).toMatchObject({ status: 404, code: "not-found" });
	expect(await problem("PUT", "/repositories")).toMatchObject({ status: 405, code: "method-not-allowed" });
	expect((await ask("DELETE", "/repositories")).headers.get("allow")).toBe("GET, POST");
	expect(await problem("POST", "/repositories", { body: "name=x", headers: { "content-type": "text/plain" } })).toMatchObject({
		status: 415,
		code: "unsupported-media-type",
	});
	expect(await problem("POST", "/repositories", { body: `"${"x".repeat(5 * 1024 * 1024)}"` })).toMatchObject({ status: 413 });
	expect(await problem("POST", "/repositories", { body: "{ not json" })).toMatchObject({ status: 400, code: "invalid" });
	expect(await problem("POST", "/repositories", { body: "[]" })).toMatchObject({ status: 400 });
	expect(await problem("POST", "/repositories", { body: { name: "x", colour: "red" } })).toMatchObject({
		detail: '"colour" is not known here: it takes name.',
	});
	expect(await problem("POST", "/repositories", { body: {} })).toMatchObject({
		details: { problems: [{ path: "name", message: expect.any(String) }] },
	});
	expect(await problem("GET", "/rollouts?limit=ten")).toMatchObject({ status: 400 });
	expect(await problem("GET", "/rollouts?limit=1&limit=2")).toMatchObject({ detail: expect.stringContaining("twice") });
	expect(await problem("GET", "/services/%E0%A4%A")).toMatchObject({ status: 400 });
	expect(await problem("POST", "/repositories?name=x", { body: {} })).toMatchObject({ detail: expect.stringContaining("query") });
});

test("a defect is told by its kind only", async () => {
	await portal.deps.database.$executeRaw`alter table repository rename to repository_away`;
	try {
		const told = await problem("GET", "/repositories");
		expect(told).toMatchObject({ status: 500, code: "internal" });
		expect(JSON.stringify(told)).not.toContain("prisma");
	} finally {
		await portal.deps.database.$executeRaw`alter table repository_away rename to repository`;
	}
});

test("a change asked for with a cookie by another site's page is refused", async () => {
	const headers = { cookie: "any=1", origin: "http://evil.test" };
	expect(await problem("POST", "/repositories", { body: { name: "x" }, token: null, headers })).toMatchObject({ status: 403 });
});

test("the same key and request are done once and answered alike; another request under it is refused", async () => {
	const key = randomUUID();
	const name = newName();
	const first = await ask("POST", "/repositories", { key, body: { name } });
	const again = await ask("POST", "/repositories", { key: `"${key}"`, body: { name } });
	expect([again.status, again.text]).toEqual([201, first.text]);
	expect([first.headers.get("idempotency-replayed"), again.headers.get("idempotency-replayed")]).toEqual([null, "true"]);
	expect(await audits(name)).toBe(1);
	expect(await problem("POST", "/repositories", { key, body: { name: newName() } })).toMatchObject({
		status: 422,
		code: "key-reused",
	});
	expect(await problem("DELETE", "/tokens/none", { key })).toMatchObject({ status: 422 });
	expect(await problem("POST", "/repositories", { key: "two words", body: { name } })).toMatchObject({ status: 400 });
	// Another token's same word is another key.
	const other = await newToken({});
	expect(await problem("POST", "/repositories", { key, body: { name }, token: other })).toMatchObject({
		status: 409,
		code: "conflict",
	});
});

test("what was refused kept nothing: the same request under its key is tried anew", async () => {
	const key = randomUUID();
	const name = newName();
	await ask("POST", "/repositories", { body: { name } });
	expect(await problem("POST", "/repositories", { key, body: { name } })).toMatchObject({ status: 409, code: "conflict" });
	await portal.deps.database.repository.delete({ where: { name } });
	expect(await ask("POST", "/repositories", { key, body: { name } })).toMatchObject({ status: 201 });
});

/** The whole trail in one part; how many rows of it are about any of these. */
async function chained(...subjects: string[]): Promise<number> {
	const { problem, next, to } = await verifyAudit(portal.deps, null);
	const newest = await portal.deps.database.auditRow.findFirstOrThrow({ orderBy: { id: "desc" } });
	expect({ problem, next, to }).toEqual({ problem: null, next: null, to: String(newest.id) });
	return portal.deps.database.auditRow.count({ where: { subject: { in: subjects } } });
}

test("what is done under a key is in the audit's chain, once", async () => {
	const key = randomUUID();
	const name = newName();
	for (let turn = 0; turn < 2; turn += 1) expect((await ask("POST", "/repositories", { key, body: { name } })).status).toBe(201);
	expect(await chained(name)).toBe(1);
	const refused = randomUUID();
	expect((await ask("POST", "/repositories", { key: refused, body: { name } })).status).toBe(409);
	expect(await chained(name)).toBe(1);
});

test("of several changes under one key, one that failed and was caught leaves no audit row, and the others' are in the chain", async () => {
	const [first, failed, last, once] = [newName(), newName(), newName(), newName()];
	const row = (subject: string) => ({ action: "test.write", subjectKind: "test", subject, summary: subject });
	const asked = { caller: "test", key: randomUUID(), request: "three changes" };
	const work = () =>
		answerOnce(portal.deps, asked, async (database) => {
			await createRepository({ ...portal.deps, database }, admin, first);
			const failing = database.$transaction(async (tx) => {
				await recordAudit(tx, admin, row(failed));
				await tx.repository.create({ data: { name: failed, defaultBranch: "main", createdBy: "test" } });
				// Refused by the database itself: what the savepoint did is taken back, and the whole goes on.
				await tx.repository.create({ data: { name: first, defaultBranch: "main", createdBy: "test" } });
			});
			await expect(failing).rejects.toThrow();
			await createRepository({ ...portal.deps, database }, admin, last);
			await recordAudit(database, admin, row(once));
			return { status: 200, body: "{}" };
		});
	expect([(await work()).isReplayed, (await work()).isReplayed]).toEqual([false, true]);
	expect([await repositories(first), await repositories(failed), await repositories(last)]).toEqual([1, 0, 1]);
	expect([await audits(first), await audits(failed), await audits(last), await audits(once)]).toEqual([1, 0, 1, 1]);
	expect(await chained(first, failed, last, once)).toBe(3);
	const order = await portal.deps.database.auditRow.findMany({
		where: { subject: { in: [first, last, once] } },
		orderBy: { id: "asc" },
	});
	expect(order.map(({ subject }) => subject)).toEqual([first, last, once]);
});

test("a whole that fails under a key leaves neither its changes nor their audit rows", async () => {
	const name = newName();
	const asked = { caller: "test", key: randomUUID(), request: "one change" };
	const work = answerOnce(portal.deps, asked, async (database) => {
		await createRepository({ ...portal.deps, database }, admin, name);
		throw new Error("the rest failed");
	});
	await expect(work).rejects.toThrow("the rest failed");
	expect([await repositories(name), await chained(name)]).toEqual([0, 0]);
});

test("however many ask at once under one key, it is done once: others get that answer, or 409 while it is under way", async () => {
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 2, max: 6 }), fc.boolean(), async (count, isAnother) => {
			const key = randomUUID();
			const name = newName();
			const names = Array.from({ length: count }, (_, n) => (isAnother && n % 2 === 1 ? `${name}-b` : name));
			const answers = await Promise.all(names.map((one) => ask("POST", "/repositories", { key, body: { name: one } })));
			const done = answers.filter(({ status }) => status === 201);
			expect(done.length).toBeGreaterThan(0);
			expect(new Set(done.map(({ text }) => text)).size).toBe(1);
			for (const { status } of answers) expect([201, 409, 422]).toContain(status);
			expect((await repositories(name)) + (await repositories(`${name}-b`))).toBe(1);
			expect((await audits(name)) + (await audits(`${name}-b`))).toBe(1);
			const winner = done[0]?.json.name;
			expect(await ask("POST", "/repositories", { key, body: { name: winner } })).toMatchObject({
				status: 201,
				text: done[0]?.text,
			});
		}),
		{ numRuns: 8 },
	);
});

test("a portal that dies before its commit leaves neither change nor answer, and the repeat does it once", async () => {
	const { database } = portal.deps;
	const key = randomUUID();
	const name = newName();
	// The answer's row cannot be written until we let it: the change is made, and not committed.
	const held = Promise.withResolvers<void>();
	const isHeld = Promise.withResolvers<void>();
	const holding = database.$transaction(
		async (tx) => {
			await tx.$executeRaw`lock table idempotent_answer in share mode`;
			isHeld.resolve();
			await held.promise;
		},
		{ timeout: 30_000 },
	);
	await isHeld.promise;
	const dying = ask("POST", "/repositories", { key, body: { name } });
	const victim = await waitFor(async () => {
		const rows = await database.$queryRaw<{ pid: number }[]>`
			select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into idempotent_answer%'`;
		return rows[0]?.pid ?? null;
	});
	expect(await problem("POST", "/repositories", { key, body: { name } })).toMatchObject({
		...{ status: 409, code: "request-under-way", retryable: true },
	});
	await database.$queryRaw`select pg_terminate_backend(${victim})`;
	expect((await dying).status).toBe(500);
	held.resolve();
	await holding;
	expect([await repositories(name), await audits(name)]).toEqual([0, 0]);
	expect(await ask("POST", "/repositories", { key, body: { name } })).toMatchObject({ status: 201 });
	expect([await repositories(name), await audits(name)]).toEqual([1, 1]);
});

test("a deploy that is repeated under its key, at once and later, is one release, one rollout and one order to the worker", async () => {
	const { database, env } = portal.deps;
	const registry = createServer((_request, response) => response.writeHead(200).end());
	await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
	const own = { ...env, registry: `127.0.0.1:${(registry.address() as AddressInfo).port}` };
	const inside = { ...portal, deps: { ...portal.deps, env: own } };
	await database.host.create({ data: { id: "h1", address: "10.0.0.1", roles: ["node"], memoryBytes: 8n << 30n, cpus: 2 } });
	const manifest =
		"apiVersion: score.dev/v1b1\nmetadata: {name: parcels}\ncontainers: {main: {image: .}}\nservice: {ports: {http: {port: 8080}}}\n";
	const body = { manifest, file: "sluice.yaml", image: `parcels@sha256:${"a".repeat(64)}`, environment: "staging" };
	const key = randomUUID();
	const deploy = () => handleRest(inside, requestOf("POST", "/rollouts", { key, body }));
	const statuses = (await Promise.all([deploy(), deploy(), deploy()])).map(({ status }) => status);
	expect(statuses).toContain(202);
	expect(statuses.every((status) => status === 202 || status === 409)).toBe(true);
	const later = await deploy();
	expect([later.status, later.headers.get("idempotency-replayed"), await later.json()]).toEqual([
		...[202, "true", { service: "parcels", environment: "staging", number: 1 }],
	]);
	expect(await Promise.all([database.release.count(), database.rollout.count(), database.outbox.count()])).toEqual([1, 1, 1]);
	// The same wish under another key is another deploy, which the first is in the way of.
	const second = await handleRest(inside, requestOf("POST", "/rollouts", { key: randomUUID(), body }));
	expect([second.status, (await second.json()) as Problem]).toMatchObject([409, { code: "conflict" }]);
	registry.close();
	await database.$executeRaw`truncate rollout, outbox cascade`;
});

test("an answer that shows something once is kept so that the database does not tell it, and is forgotten after a day", async () => {
	const { database } = portal.deps;
	const key = randomUUID();
	const body = { name: "kept", role: "viewer", days: 1 };
	const first = await ask("POST", "/tokens", { key, body });
	const secret = String(first.json.token);
	expect((await ask("POST", "/tokens", { key, body })).json.token).toBe(secret);
	const rows = await database.idempotentAnswer.findMany({ where: { key } });
	const stored = Buffer.concat(rows.flatMap((row) => [Buffer.from(row.ciphertext), Buffer.from(row.requestHash)]));
	expect(stored.includes(secret)).toBe(false);
	expect(stored.includes(createHash("sha256").update(JSON.stringify(body)).digest())).toBe(false);
	await database.$executeRaw`update idempotent_answer set "createdAt" = now() - interval '25 hours' where key = ${key}`;
	const anew = await ask("POST", "/tokens", { key, body });
	expect(anew.json.token).not.toBe(secret);
	await database.$executeRaw`update idempotent_answer set "createdAt" = now() - interval '25 hours' where key = ${key}`;
	expect(await removeOldAnswers(database)).toBe(1);
});

test("a token's scope is not escaped: not by REST, not by tRPC, not by a token it makes, not by live pages", async () => {
	const reads = await newToken({ scopes: ["read"] });
	expect(await ask("GET", "/repositories", { token: reads })).toMatchObject({ status: 200 });
	expect(await problem("POST", "/repositories", { token: reads, body: { name: newName() } })).toMatchObject({
		status: 403,
		detail: "repository.create needs a token with the scope deploy; this one has read. Make another token for it.",
	});
	const wish = { name: "wider", role: "admin", days: 1 };
	expect(await problem("POST", "/tokens", { token: reads, body: wish })).toMatchObject({ status: 403 });
	const administers = await newToken({ scopes: ["admin"] });
	expect((await problem("POST", "/tokens", { token: administers, body: wish })).detail).toContain("makes no wider one");
	const narrower = { ...wish, limits: { scopes: ["admin"] } };
	expect(await ask("POST", "/tokens", { token: administers, body: narrower })).toMatchObject({ status: 201 });

	const limited = await newToken({ services: ["orders"], environments: ["staging"] });
	const of = (service: string, environment = "staging") => `/services/${service}/environments/${environment}`;
	expect((await problem("POST", `${of("carts")}/stop`, { token: limited, body: {} })).detail).toContain(
		"limited to the service orders",
	);
	expect((await problem("POST", `${of("orders", "production")}/stop`, { token: limited, body: {} })).detail).toContain("staging");
	expect((await problem("GET", `${of("carts")}/config`, { token: limited })).status).toBe(403);
	expect((await problem("GET", `${of("carts")}/rollouts/1/events`, { token: limited })).status).toBe(403);
	expect((await problem("POST", "/repositories", { token: limited, body: { name: newName() } })).status).toBe(403);
	// Let through by the token, and refused as there is no such service.
	expect((await problem("POST", `${of("orders")}/stop`, { token: limited, body: {} })).status).not.toBe(403);
	const live = new Request("http://localhost:27900/api/live/x", { headers: { authorization: `Bearer ${limited}` } });
	expect((await handleLive(portal, live, ["rollout", "carts", "staging", "1"])).status).toBe(403);
	expect((await handleLive(portal, live, ["rollout", "orders", "staging", "1"])).status).toBe(404);

	// Whoever writes the row by hand gains nothing.
	await portal.deps.database.apiToken.updateMany({ where: { start: limited.slice(0, 12) }, data: { limits: { scopes: "all" } } });
	expect((await problem("GET", "/services", { token: limited })).status).toBe(403);
});

test("a rollout's events follow each other from Last-Event-ID on, as plain JSON", async () => {
	const { database } = portal.deps;
	const number = await newRollout();
	const path = `/services/orders/environments/staging/rollouts/${number}/events`;
	expect((await problem("GET", path, { headers: { "last-event-id": "x" } })).status).toBe(400);
	expect((await problem("GET", path.replace("orders", "carts"))).status).toBe(404);
	const reader = new AbortController();
	const request = new Request(requestOf("GET", path, { headers: { "last-event-id": "1" } }), { signal: reader.signal });
	const stream = await handleRest(portal, request);
	expect(stream.headers.get("content-type")).toBe("text/event-stream");
	let text = "";
	for await (const chunk of stream.body ?? []) {
		text += new TextDecoder().decode(chunk);
		if (text.includes("id: 3")) break;
	}
	reader.abort();
	expect(text).not.toContain("id: 1\n");
	const data = /id: 2\nevent: step\ndata: (.*)\n\n/.exec(text)?.[1] ?? "";
	expect(JSON.parse(data)).toMatchObject({ sequence: 2, kind: "step", message: "second" });
	expect(await database.rolloutEvent.count()).toBe(3);
});

async function newRollout(): Promise<number> {
	const { database } = portal.deps;
	const names = { id: "r7", service: "orders", environment: "staging", number: 7, strategy: "rolling", state: "running" };
	await database.rollout.create({ data: { ...names, toReleaseId: "rel", plan: {}, intentHash: "x", startedBy: "u" } });
	const told = ["first", "second", "third"].map((message) => ({ kind: "step" as const, key: message, message }));
	await database.$transaction((tx) => appendEvents(tx, "r7", told));
	return 7;
}

async function waitFor<T>(look: () => Promise<T | null>): Promise<T> {
	let found: T | null = null;
	await expect.poll(async () => (found = await look()), { timeout: 20_000 }).not.toBeNull();
	if (found === null) throw new Error("nothing was found");
	return found;
}
