import { createHmac } from "node:crypto";
import { APIError, type BetterAuthPlugin, betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import { parseCookies } from "better-auth/cookies";
import { readSecret } from "@/adapters/installation/read";
import { isSame } from "@/adapters/webhook/standard";
import { AppError } from "@/domain/errors";
import type { Actor } from "@/domain/roles";
import { addressOf } from "@/server/address";
import type { Deps } from "@/server/deps";
import { type AttemptRule, forgetAttempts, giveAttemptBack, takeAttempt } from "@/server/store/attempt";
import { type AuditRecord, recordAudit } from "@/server/store/audit";
import type { Database } from "@/server/store/client";
import { findSession } from "@/server/store/session";
import { actorOfToken } from "@/server/store/token";
import { findUser } from "@/server/store/user";

/** Sign-in of people (e-mail and password) and tokens of programs. Nobody signs up: an administrator makes users. */
export function createAuth(deps: Pick<Deps, "database" | "env">) {
	const { database, env } = deps;
	const { port } = new URL(env.portalUrl);
	return betterAuth({
		baseURL: env.portalUrl,
		trustedOrigins: [`http://localhost:${port}`, `http://127.0.0.1:${port}`],
		secret: readSecret(env.paths.authSecret),
		database: prismaAdapter(database, { provider: "postgresql" }),
		emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12 },
		// `input: false`: nobody sets a role through better-auth's own routes.
		user: { additionalFields: { role: { type: "string", required: false, defaultValue: "viewer", input: false } } },
		rateLimit: {
			enabled: true,
			storage: "database",
			window: 60,
			max: 600,
			// Tries to sign in are counted by `beforeRequest`: here they would count the right ones of a whole office too.
			customRules: { "/sign-in/email": false },
		},
		advanced: { cookiePrefix: `sluice-${env.installation.id}` },
		telemetry: { enabled: false },
		plugins: [onlyServedPaths()],
		hooks: {
			before: createAuthMiddleware((context) => beforeRequest(database, context)),
			after: createAuthMiddleware((context) => afterRequest(database, context)),
		},
		databaseHooks: { session: { create: { before: (session) => beforeSession(database, session.userId) } } },
	});
}

export type Auth = ReturnType<typeof createAuth>;

/** better-auth's own routes that people need; whatever else it or a plugin serves is not reachable, so changes nothing unaudited. */
const servedPaths: readonly string[] = ["/sign-in/email", "/sign-out", "/get-session"];

function onlyServedPaths(): BetterAuthPlugin {
	return {
		id: "only-served-paths",
		async onRequest(request, { baseURL }) {
			const path = new URL(request.url).pathname.slice(new URL(baseURL).pathname.length);
			return servedPaths.includes(path) ? undefined : { response: new Response("Not Found", { status: 404 }) };
		},
	};
}

/** By account, from wherever: an address can be changed (and, without a proxy before the portal, be written by the client). */
const perAccount: AttemptRule = { max: 10, windowMs: 5 * 60_000 };

/** By address, whatever the account. Only refused tries stay counted, so people behind one address do not lock each other out. */
const perAddress: AttemptRule = { max: 20, windowMs: 60_000 };

const attemptsOf = (email: string) => `sign-in/${email.toLowerCase()}`;
const attemptsFrom = (request: Request | undefined) => `sign-in/from/${request ? addressOf(request) : "unknown"}`;

interface RequestContext {
	readonly path: string;
	readonly body?: unknown;
	readonly request?: Request;
	readonly context: { readonly newSession?: { readonly user: { readonly id: string; readonly name: string } } | null };
}

/**
 * better-auth writes and deletes sessions by itself, outside any transaction of ours. So what is audited is audited
 * first: a row may tell of a sign-in or sign-out that then failed, but none happens without its row.
 */
async function beforeRequest(
	database: Database,
	context: RequestContext & Parameters<typeof getSessionFromCtx>[0],
): Promise<void> {
	if (context.path === "/sign-in/email") {
		if (!(await takeAttempt(database, attemptsFrom(context.request), perAddress))) {
			throw new APIError("TOO_MANY_REQUESTS", {
				message: "Too many refused sign-ins from this address: wait a minute and try again.",
			});
		}
		if (await takeAttempt(database, attemptsOf(emailIn(context.body)), perAccount)) return;
		throw new APIError("TOO_MANY_REQUESTS", {
			message: "Too many tries to sign in as this person: wait five minutes, or ask an administrator.",
		});
	}
	if (context.path !== "/sign-out") return;
	const session = await getSessionFromCtx(context);
	if (!session) return;
	const { id, name } = session.user;
	const summary = `${name} signed out`;
	await audit(database, { kind: "user", id, name }, { action: "user.sign-out", subjectKind: "user", subject: name, summary });
}

/** The only way to a session is a sign-in with the right password: a disabled person's ends here, anybody else's is audited. */
async function beforeSession(database: Database, userId: string): Promise<void> {
	const user = await findUser(database, userId);
	if (!user || user.isDisabled) {
		throw new APIError("FORBIDDEN", {
			code: "ACCOUNT_DISABLED",
			message: "This account is disabled: ask an administrator.",
		});
	}
	const { id, name, email } = user;
	const summary = `${name} signed in`;
	await audit(database, { kind: "user", id, name }, { action: "user.sign-in", subjectKind: "user", subject: email, summary });
}

/** A refused sign-in changes nothing, so its row comes when it is known to be refused. */
async function afterRequest(database: Database, { path, body, request, context }: RequestContext): Promise<void> {
	if (path !== "/sign-in/email") return;
	const email = emailIn(body);
	if (context.newSession) {
		await giveAttemptBack(database, attemptsFrom(request));
		return forgetAttempts(database, attemptsOf(email));
	}
	const summary = `A sign-in as ${email} was refused`;
	const actor = { kind: "user", id: "", name: email } as const;
	await audit(database, actor, { action: "user.sign-in-refused", subjectKind: "user", subject: email, summary });
}

/** As better-auth tells errors: what cannot be audited is refused with the sentence why. */
async function audit(database: Database, actor: Omit<Actor, "role">, record: AuditRecord): Promise<void> {
	try {
		await recordAudit(database, actor, record);
	} catch (error) {
		if (!(error instanceof AppError)) throw error;
		throw new APIError("SERVICE_UNAVAILABLE", { message: error.message });
	}
}

function emailIn(body: unknown): string {
	return typeof body === "object" && body !== null && "email" in body ? String(body.email).slice(0, 200) : "unknown";
}

/** Who a request comes from: a bearer token, or a session's cookie. Null = nobody we know. */
export async function authenticate(auth: Auth, database: Database, headers: Headers): Promise<Actor | null> {
	const bearer = /^Bearer\s+(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
	return bearer ? actorOfToken(database, bearer) : authenticateSession(auth, database, headers);
}

/**
 * better-auth's own check takes as long as all the rest of a call, so its cookie is read here: the session's token and
 * its HMAC. A session that is due to be prolonged is left to it.
 */
async function authenticateSession(auth: Auth, database: Database, headers: Headers): Promise<Actor | null> {
	const { authCookies, secret, sessionConfig } = await auth.$context;
	const signed = parseCookies(headers.get("cookie") ?? "").get(authCookies.sessionToken.name);
	const token = signed === undefined ? null : verifiedValue(signed, secret);
	const session = token === null ? null : await findSession(database, token);
	if (!session) return null;
	const prolongedAt = session.expiresAt.getTime() - sessionConfig.expiresIn * 1_000;
	if (Date.now() - prolongedAt > sessionConfig.updateAge * 1_000) await auth.api.getSession({ headers });
	return session.actor;
}

/** What better-call signed: `<value>.<HMAC-SHA256 in base64>`. Null = the signature is not right. */
function verifiedValue(signed: string, secret: string): string | null {
	const dot = signed.lastIndexOf(".");
	const value = signed.slice(0, Math.max(0, dot));
	const given = Buffer.from(signed.slice(dot + 1), "base64");
	const right = createHmac("sha256", secret).update(value).digest();
	return isSame(given, right) ? value : null;
}
