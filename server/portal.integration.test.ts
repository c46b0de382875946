import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "@/domain/errors";
import { procedures, whyNot } from "@/domain/policy/gate";
import { type Actor, roles } from "@/domain/roles";
import { authenticate } from "@/server/auth";
import { bootstrap } from "@/server/bootstrap";
import { handleLive } from "@/server/live/handler";
import { actorOfToken } from "@/server/store/token";
import { administrator, openTestPortal, type TestPortal } from "@/server/testing/portal";
import { handleTrpc } from "@/server/trpc/handler";
import { appRouter } from "@/server/trpc/router";

let portal: TestPortal;
const url = (path: string) => `http://localhost:27900${path}`;
const own = { origin: "http://localhost:27900", "content-type": "application/json" };

beforeAll(async () => {
	portal = await openTestPortal();
});
afterAll(() => portal.close());

const paths = Object.keys(appRouter._def.procedures);

function call(path: string, actor: Actor | null, input: unknown): Promise<unknown> {
	const caller = appRouter.createCaller({ deps: portal.deps, actor });
	const [noun = "", verb = ""] = path.split(".");
	const group = caller[noun as keyof typeof caller] as unknown as Record<string, (input: unknown) => Promise<unknown>>;
	const procedure = group[verb];
	if (!procedure) throw new Error(`no ${path}`);
	return procedure(input);
}

const codeOf = (promise: Promise<unknown>) =>
	promise.then(
		() => "OK",
		(error: { code?: string }) => error.code ?? String(error),
	);

async function signIn(password = administrator.password): Promise<Response> {
	const body = JSON.stringify({ email: administrator.email, password });
	return portal.auth.handler(new Request(url("/api/auth/sign-in/email"), { method: "POST", headers: own, body }));
}

const cookieOf = (answer: Response) =>
	answer.headers
		.getSetCookie()
		.map((cookie) => cookie.split(";")[0])
		.join("; ");

test("every procedure is in the gate's table", () => {
	expect(paths.filter((path) => !procedures.includes(path))).toEqual([]);
});

test("without a session no procedure answers", async () => {
	for (const path of paths) expect([path, await codeOf(call(path, null, {}))]).toEqual([path, "UNAUTHORIZED"]);
});

test("each role is refused exactly what the gate refuses it, before anything is read or changed", async () => {
	for (const role of roles) {
		const actor = portal.actor(role);
		for (const path of paths) {
			// An input of the wrong type: who is let in stumbles over it, who is not never gets so far.
			const isRefused = (await codeOf(call(path, actor, Symbol("wrong")))) === "FORBIDDEN";
			expect([role, path, isRefused]).toEqual([role, path, whyNot(actor, path) !== null]);
		}
	}
});

test("the first administrator signs in, is audited, and a wrong password is refused and audited", async () => {
	const answer = await signIn();
	expect(answer.status).toBe(200);
	const actor = await authenticate(portal.auth, portal.deps.database, new Headers({ cookie: cookieOf(answer) }));
	expect(actor).toMatchObject({ kind: "user", role: "admin" });
	expect((await signIn("wrong-password-here")).status).toBe(401);
	const actions = (await portal.deps.database.auditRow.findMany()).map((row) => row.action);
	expect(actions).toContain("user.sign-in");
	expect(actions).toContain("user.sign-in-refused");
});

test("a cookie with another signature, or none, is nobody's; one of a session over a day old prolongs it", async () => {
	const { database } = portal.deps;
	const cookie = cookieOf(await signIn());
	const [, token = "", signature = ""] = /=([^.;]+)\.([^;]+)/.exec(decodeURIComponent(cookie)) ?? [];
	const whoHas = (changed: string) => authenticate(portal.auth, database, new Headers({ cookie: changed }));
	expect(await whoHas(cookie)).toMatchObject({ kind: "user", role: "admin" });
	const forged = createHmac("sha256", "another secret").update(token).digest("base64");
	const name = cookie.slice(0, cookie.indexOf("="));
	for (const wrong of [forged, signature.slice(4), ""]) {
		expect(await whoHas(`${name}=${encodeURIComponent(`${token}.${wrong}`)}`)).toBeNull();
	}
	expect(await whoHas(`${name}=${token}`)).toBeNull();

	const in5Days = new Date(Date.now() + 5 * 86_400_000);
	await database.session.update({ where: { token }, data: { expiresAt: in5Days } });
	expect(await whoHas(cookie)).toMatchObject({ role: "admin" });
	const { expiresAt } = await database.session.findUniqueOrThrow({ where: { token } });
	expect(expiresAt.getTime()).toBeGreaterThan(in5Days.getTime() + 86_400_000);
	await database.session.update({ where: { token }, data: { expiresAt: new Date(Date.now() - 1_000) } });
	expect(await whoHas(cookie)).toBeNull();
});

test("after signing out the old cookie is worth nothing", async () => {
	const cookie = cookieOf(await signIn());
	await portal.auth.handler(new Request(url("/api/auth/sign-out"), { method: "POST", headers: { ...own, cookie }, body: "{}" }));
	expect(await authenticate(portal.auth, portal.deps.database, new Headers({ cookie }))).toBeNull();
});

test("nobody signs up, and nobody sets a role", async () => {
	const body = JSON.stringify({ email: "x@example.test", password: "long-enough-password", name: "x", role: "admin" });
	const answer = await portal.auth.handler(new Request(url("/api/auth/sign-up/email"), { method: "POST", headers: own, body }));
	expect(answer.status).toBeGreaterThanOrEqual(400);
	const cookie = cookieOf(await signIn());
	const update = new Request(url("/api/auth/update-user"), {
		method: "POST",
		headers: { ...own, cookie },
		body: JSON.stringify({ role: "viewer" }),
	});
	await portal.auth.handler(update);
	expect(await authenticate(portal.auth, portal.deps.database, new Headers({ cookie }))).toMatchObject({ role: "admin" });
});

test("bootstrap again changes nothing, and the CLI's token is the administrator", async () => {
	const { apiToken } = portal.deps.env.paths;
	const before = readFileSync(apiToken, "utf8");
	await bootstrap(portal.deps);
	expect(readFileSync(apiToken, "utf8")).toBe(before);
	expect(await actorOfToken(portal.deps.database, before.trim())).toMatchObject({
		kind: "token",
		role: "admin",
	});
	expect(await actorOfToken(portal.deps.database, `${before.trim()}x`)).toBeNull();
});

test("a token's secret is nowhere in the database", async () => {
	const token = readFileSync(portal.deps.env.paths.apiToken, "utf8").trim();
	const rows = JSON.stringify(await portal.deps.database.apiToken.findMany());
	expect(rows).not.toContain(token);
	expect(rows).not.toContain(token.slice(8));
});

test("a change asked for with a cookie from another site is refused, with a token it is not", async () => {
	const cookie = cookieOf(await signIn());
	const post = (headers: Record<string, string>) =>
		handleTrpc(
			portal,
			new Request(url("/api/trpc/repository.create"), {
				method: "POST",
				headers,
				body: JSON.stringify({ json: { name: "../x" } }),
			}),
		);
	expect((await post({ ...own, origin: "http://evil.test", cookie })).status).toBe(403);
	expect((await post({ "content-type": "text/plain", origin: own.origin, cookie })).status).toBe(403);
	expect((await post({ ...own, cookie })).status).toBe(400);
	const token = readFileSync(portal.deps.env.paths.apiToken, "utf8").trim();
	expect((await post({ "content-type": "application/json", authorization: `Bearer ${token}` })).status).toBe(400);
});

test("live pages need a session, tell what is not there, and send the first view at once", async () => {
	const get = (path: string[], headers: Record<string, string> = {}, signal?: AbortSignal) =>
		handleLive(portal, new Request(url(`/api/live/${path.join("/")}`), { headers, ...(signal ? { signal } : {}) }), path);
	expect((await get(["hosts"])).status).toBe(401);
	const authorization = `Bearer ${readFileSync(portal.deps.env.paths.apiToken, "utf8").trim()}`;
	expect((await get(["rollout", "orders", "staging", "1"], { authorization })).status).toBe(404);
	expect((await get(["nothing"], { authorization })).status).toBe(404);
	const reader = new AbortController();
	const stream = await get(["hosts"], { authorization }, reader.signal);
	let text = "";
	for await (const chunk of stream.body ?? []) {
		text += new TextDecoder().decode(chunk);
		if (text.includes("event: change")) break;
	}
	reader.abort();
	expect(text).toContain('data: {"json":[]}');
});

test("a deploy is refused with a sentence before anything moves", async () => {
	const admin = portal.actor("admin");
	const deploy = (input: unknown) =>
		call("rollout.deploy", admin, input).then(
			() => "started",
			(error: Error) => error.message,
		);
	expect(await deploy({ service: "orders", release: 1, environment: "nowhere" })).toContain("staging, production");
	expect(await deploy({ service: "orders", release: 1, environment: "staging" })).toContain("No host has joined");
	expect(await portal.deps.database.rollout.count()).toBe(0);
	expect(await portal.deps.database.outbox.count()).toBe(0);
	expect(new AppError("invalid", "x").isRetryable).toBe(false);
});
