import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor, Role } from "@/domain/roles";
import { authenticate } from "@/server/auth";
import { handleInvitation } from "@/server/invitation/handler";
import { handleLive } from "@/server/live/handler";
import { actorOfToken } from "@/server/store/token";
import { administrator, openTestPortal, type TestPortal } from "@/server/testing/portal";
import { appRouter } from "@/server/trpc/router";

let portal: TestPortal;
let admin: Actor;
let addresses = 0;
const own = { origin: "http://localhost:27900", "content-type": "application/json" };

beforeAll(async () => {
	portal = await openTestPortal();
	const row = await portal.deps.database.user.findUniqueOrThrow({ where: { email: administrator.email } });
	admin = { kind: "user", id: row.id, name: row.name, role: "admin" };
});
afterAll(() => portal.close());

const as = (actor: Actor) => appRouter.createCaller({ deps: portal.deps, actor });
const newAddress = () => `10.0.0.${++addresses}`;
const actions = async () => (await portal.deps.database.auditRow.findMany({ orderBy: { id: "asc" } })).map((row) => row.action);
const wordsOf = (promise: Promise<unknown>) =>
	promise.then(
		() => "done",
		(error: Error) => error.message,
	);

function post(path: string, body: unknown, headers: Record<string, string> = {}): Request {
	return new Request(`http://localhost:27900${path}`, {
		method: "POST",
		headers: { ...own, "x-forwarded-for": newAddress(), ...headers },
		body: JSON.stringify(body),
	});
}

const signIn = (email: string, password: string, headers: Record<string, string> = {}) =>
	portal.auth.handler(post("/api/auth/sign-in/email", { email, password }, headers));
const cookieOf = (answer: Response) =>
	new Headers({
		cookie: answer.headers
			.getSetCookie()
			.map((cookie) => cookie.split(";")[0])
			.join("; "),
	});
const whoIs = (headers: Headers) => authenticate(portal.auth, portal.deps.database, headers);

async function invite(email: string, role: Role): Promise<string> {
	const { link } = await as(admin).user.invite({ email, role });
	return link.split("#")[1] ?? "";
}

interface Answer {
	readonly status: number;
	readonly message?: string;
	readonly email?: string;
}

async function answerTo(
	token: string,
	person?: { name: string; password: string },
	headers: Record<string, string> = {},
): Promise<Answer> {
	const answer = await handleInvitation(portal, post("/api/invitation", { token, person }, headers));
	return { status: answer.status, ...((await answer.json()) as object) };
}

async function newPerson(name: string, role: Role): Promise<{ actor: Actor; email: string; password: string }> {
	const email = `${name}@example.test`;
	const password = `only-for-${name}-0123456789`;
	expect(await answerTo(await invite(email, role), { name, password })).toMatchObject({ status: 200, email });
	const row = await portal.deps.database.user.findUniqueOrThrow({ where: { email } });
	return { actor: { kind: "user", id: row.id, name, role }, email, password };
}

test("an invited person sets a name and a password and signs in with the role that was given; each change is audited", async () => {
	const token = await invite("Mei@Example.test", "developer");
	expect(await answerTo(token)).toEqual({ status: 200, email: "mei@example.test", role: "developer" });
	const person = { name: "Mei", password: "only-for-mei-0123456789" };
	expect((await answerTo(token, { ...person, password: "short" })).message).toContain("12 characters");
	expect((await answerTo(token, person)).status).toBe(200);
	const session = cookieOf(await signIn("mei@example.test", person.password));
	expect(await whoIs(session)).toMatchObject({ name: "Mei", role: "developer" });
	expect((await actions()).slice(-3)).toEqual(["user.invite", "user.create", "user.sign-in"]);
	const stored = JSON.stringify(await portal.deps.database.invitation.findMany());
	expect(stored).not.toContain(token.split(".")[1]);
});

test("a used, an expired, a taken back, a replaced and a wrong invitation are refused, each with its own sentence", async () => {
	const person = { name: "Ada", password: "only-for-ada-0123456789" };
	const used = await invite("ada@example.test", "viewer");
	await answerTo(used, person);
	expect(await answerTo(used, person)).toMatchObject({ status: 403, message: expect.stringContaining("used already") });

	const old = await invite("old@example.test", "viewer");
	await portal.deps.database.invitation.updateMany({
		where: { email: "old@example.test" },
		data: { expiresAt: new Date(Date.now() - 1_000) },
	});
	expect(await answerTo(old, person)).toMatchObject({ status: 403, message: expect.stringContaining("older than 7 days") });

	const replaced = await invite("back@example.test", "viewer");
	const back = await invite("back@example.test", "viewer");
	expect((await answerTo(replaced)).message).toContain("taken back");
	const { invitations } = await as(admin).user.list();
	const id = invitations.find((one) => one.email === "back@example.test" && one.state === "open")?.id ?? "";
	await as(admin).user.revokeInvitation({ id });
	expect((await answerTo(back, person)).message).toContain("taken back");
	expect(await wordsOf(as(admin).user.revokeInvitation({ id }))).toContain("already");

	expect((await answerTo(`${back.slice(0, -1)}${back.endsWith("x") ? "y" : "x"}`)).message).toContain("not known");
	expect((await answerTo("nonsense")).message).toContain("not known");
	expect(await portal.deps.database.user.count({ where: { email: { in: ["old@example.test", "back@example.test"] } } })).toBe(0);
	expect(await wordsOf(invite("ada@example.test", "admin"))).toContain("has an account already");
});

test("of two who accept one invitation at once, one gets in", async () => {
	const token = await invite("race@example.test", "viewer");
	const answers = await Promise.all(
		[1, 2, 3].map((n) => answerTo(token, { name: `r${n}`, password: "only-for-race-0123456789" })),
	);
	expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
});

test("an invitation from another site's page is refused", async () => {
	const token = await invite("forged@example.test", "viewer");
	expect((await answerTo(token, undefined, { origin: "http://evil.test" })).status).toBe(403);
});

test("a disabled person's session and token are worth nothing from that moment, and they cannot sign in", async () => {
	const { actor, email, password } = await newPerson("gone", "operator");
	const session = cookieOf(await signIn(email, password));
	const { token } = await as(actor).token.create({ name: "ci", role: "operator", days: 1 });
	expect(await whoIs(session)).toMatchObject({ name: "gone" });
	expect(await actorOfToken(portal.deps.database, token)).toMatchObject({ kind: "token", role: "operator" });
	const live = await handleLive(portal, new Request("http://localhost:27900/api/live/hosts", { headers: session }), ["hosts"]);
	expect(live.status).toBe(200);
	await as(admin).user.disable({ id: actor.id });
	// Ends by itself, with no word from the reader.
	expect(await live.text()).toContain("event: change");
	expect(await whoIs(session)).toBeNull();
	expect(await actorOfToken(portal.deps.database, token)).toBeNull();
	const refused = await signIn(email, password);
	expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([403, "ACCOUNT_DISABLED"]);
	expect(await portal.deps.database.session.count({ where: { userId: actor.id } })).toBe(0);
	await as(admin).user.enable({ id: actor.id });
	expect((await signIn(email, password)).status).toBe(200);
});

test("a new role counts from the next request; one's own role and the last administrator stay", async () => {
	const { actor, email, password } = await newPerson("riser", "viewer");
	const session = cookieOf(await signIn(email, password));
	await as(admin).user.setRole({ id: actor.id, role: "approver" });
	expect(await whoIs(session)).toMatchObject({ role: "approver" });
	expect(await wordsOf(as(admin).user.setRole({ id: admin.id, role: "viewer" }))).toContain("own role");
	const other = { ...actor, role: "admin" } as const;
	expect(await wordsOf(as(other).user.setRole({ id: admin.id, role: "viewer" }))).toContain("last administrator");
	expect(await wordsOf(as(other).user.disable({ id: admin.id }))).toContain("last administrator");
	expect(await portal.deps.database.auditRow.count({ where: { action: "user.setRole" } })).toBe(1);
});

test("of two administrators who demote each other at once, one stays", async () => {
	const { actor } = await newPerson("second", "admin");
	const outcomes = await Promise.all([
		wordsOf(as(admin).user.setRole({ id: actor.id, role: "viewer" })),
		wordsOf(as(actor).user.setRole({ id: admin.id, role: "viewer" })),
	]);
	expect(outcomes.filter((words) => words === "done")).toHaveLength(1);
	expect(await portal.deps.database.user.count({ where: { role: "admin", disabledAt: null } })).toBe(1);
	await portal.deps.database.user.update({ where: { id: admin.id }, data: { role: "admin" } });
});

test("a token has at most its maker's role, falls with it, expires, and is revoked by its owner only", async () => {
	const { actor } = await newPerson("maker", "operator");
	expect(await wordsOf(as(actor).token.create({ name: "big", role: "admin", days: 1 }))).toContain("at most your own role");
	const low = await as(actor).token.create({ name: "low", role: "developer", days: 1 });
	const high = await as(actor).token.create({ name: "high", role: "operator", days: 1 });
	const roleOf = async (token: string) => (await actorOfToken(portal.deps.database, token))?.role;
	expect([await roleOf(low.token), await roleOf(high.token)]).toEqual(["developer", "operator"]);
	await portal.deps.database.user.update({ where: { id: actor.id }, data: { role: "viewer" } });
	expect([await roleOf(low.token), await roleOf(high.token)]).toEqual(["viewer", "viewer"]);
	await portal.deps.database.apiToken.update({ where: { id: high.id }, data: { expiresAt: new Date(Date.now() - 1_000) } });
	expect(await roleOf(high.token)).toBeUndefined();
	expect(await wordsOf(as(admin).token.revoke({ id: low.id }))).toContain("no such token");
	expect(JSON.stringify(await as(actor).token.list())).not.toContain(low.token);
	await as(actor).token.revoke({ id: low.id });
	expect(await roleOf(low.token)).toBeUndefined();
	expect((await actions()).slice(-3)).toEqual(["token.create", "token.create", "token.revoke"]);
});

test("who guesses a password is stopped by account, whatever address they come from, also with the right one", async () => {
	const { email, password } = await newPerson("guessed", "viewer");
	const statuses: number[] = [];
	for (let n = 0; n < 10; n += 1) statuses.push((await signIn(email, "certainly-not-it")).status);
	expect(new Set(statuses)).toEqual(new Set([401]));
	expect((await signIn(email.toUpperCase(), password)).status).toBe(429);
	const other = await newPerson("bystander", "viewer");
	expect((await signIn(other.email, other.password)).status).toBe(200);
});

test("who guesses from one address is stopped by address, whatever account they try", async () => {
	const headers = { "x-forwarded-for": "10.9.9.9" };
	const statuses: number[] = [];
	for (let n = 0; n < 21; n += 1) statuses.push((await signIn(`nobody-${n}@example.test`, "certainly-not-it", headers)).status);
	expect([new Set(statuses.slice(0, 20)), statuses[20]]).toEqual([new Set([401]), 429]);
});

test("a whole office behind one address signs in at once", async () => {
	const headers = { "x-forwarded-for": "10.7.7.7" };
	const { email, password } = await newPerson("colleague", "viewer");
	const statuses: number[] = [];
	for (let n = 0; n < 25; n += 1) statuses.push((await signIn(email, password, headers)).status);
	expect(new Set(statuses)).toEqual(new Set([200]));
});

test("who guesses at invitations is stopped, by address and by invitation", async () => {
	const headers = { "x-forwarded-for": "10.8.8.8" };
	const statuses: number[] = [];
	for (let n = 0; n < 21; n += 1) statuses.push((await answerTo(`guess-${n}`, undefined, headers)).status);
	expect([statuses.slice(0, 20).every((status) => status === 403), statuses[20]]).toEqual([true, 429]);
	const token = await invite("hunted@example.test", "viewer");
	const wrong = `${token.split(".")[0]}.${"x".repeat(43)}`;
	for (let n = 0; n < 10; n += 1) expect((await answerTo(wrong)).status).toBe(403);
	expect((await answerTo(token)).status).toBe(429);
});

test("no sign-in and no sign-out happens without its audit row", async () => {
	const { database } = portal.deps;
	const { email, password, actor } = await newPerson("audited", "viewer");
	const session = cookieOf(await signIn(email, password));
	const count = () => database.session.count({ where: { userId: actor.id } });
	await database.$executeRaw`alter table audit rename to audit_away`;
	try {
		expect((await signIn(email, password)).status).toBeGreaterThanOrEqual(500);
		const out = await portal.auth.handler(post("/api/auth/sign-out", {}, { cookie: session.get("cookie") ?? "" }));
		expect(out.status).toBeGreaterThanOrEqual(500);
		expect(await count()).toBe(1);
	} finally {
		await database.$executeRaw`alter table audit_away rename to audit`;
	}
	await portal.auth.handler(post("/api/auth/sign-out", {}, { cookie: session.get("cookie") ?? "" }));
	expect(await count()).toBe(0);
	expect((await actions()).at(-1)).toBe("user.sign-out");
});

test("of better-auth's own routes only sign-in, sign-out and the session are there", async () => {
	const cookie = cookieOf(await signIn(administrator.email, administrator.password)).get("cookie") ?? "";
	for (const path of ["api-key/create", "update-user", "change-password", "revoke-sessions", "sign-up/email"]) {
		const answer = await portal.auth.handler(post(`/api/auth/${path}`, {}, { cookie }));
		expect([path, answer.status]).toEqual([path, 404]);
	}
});
