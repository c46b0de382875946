import { apiKey } from "@better-auth/api-key";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { createAuthMiddleware } from "better-auth/api";
import { readSecret } from "@/adapters/installation/read";
import { type Actor, type Role, roles } from "@/domain/roles";
import type { Deps } from "@/server/deps";
import { recordAudit } from "@/server/store/audit";
import type { Database } from "@/server/store/client";

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
			// Brute force: five tries a quarter of a minute, by address.
			customRules: { "/sign-in/email": { window: 15, max: 5 } },
		},
		advanced: { cookiePrefix: `sluice-${env.installation.id}` },
		telemetry: { enabled: false },
		// A token's checks are its own: its limit would refuse the CLI after ten calls a day.
		plugins: [apiKey({ rateLimit: { enabled: false }, defaultPrefix: "sluice_" })],
		hooks: { after: createAuthMiddleware(async (context) => auditSession(database, context)) },
	});
}

export type Auth = ReturnType<typeof createAuth>;

interface SessionContext {
	readonly path: string;
	readonly body?: unknown;
	readonly context: {
		readonly newSession?: { readonly user: { readonly id: string; readonly name: string } } | null;
		readonly session?: { readonly user: { readonly id: string; readonly name: string } } | null;
	};
}

/** Signing in, failing to, and signing out leave an audit row. */
async function auditSession(database: Database, { path, body, context }: SessionContext): Promise<void> {
	if (path === "/sign-in/email") {
		const user = context.newSession?.user;
		const email = typeof body === "object" && body !== null && "email" in body ? String(body.email).slice(0, 200) : "unknown";
		const actor = { kind: "user", id: user?.id ?? "", name: user?.name ?? email } as const;
		const action = user ? "user.sign-in" : "user.sign-in-refused";
		const summary = user ? `${actor.name} signed in` : `A sign-in as ${email} was refused`;
		await recordAudit(database, actor, { action, subjectKind: "user", subject: email, summary });
	} else if (path === "/sign-out" && context.session) {
		const { id, name } = context.session.user;
		const actor = { kind: "user", id, name } as const;
		await recordAudit(database, actor, {
			action: "user.sign-out",
			subjectKind: "user",
			subject: name,
			summary: `${name} signed out`,
		});
	}
}

/** Who a request comes from: a bearer token, or a session's cookie. Null = nobody we know. */
export async function authenticate(auth: Auth, database: Database, headers: Headers): Promise<Actor | null> {
	const bearer = /^Bearer\s+(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
	if (bearer) return authenticateToken(auth, database, bearer);
	const session = await auth.api.getSession({ headers });
	return session ? actorOf(database, "user", session.user.id) : null;
}

/** The actor behind an API token; null when it is unknown, expired or switched off. */
export async function authenticateToken(auth: Auth, database: Database, token: string): Promise<Actor | null> {
	const { valid, key } = await auth.api.verifyApiKey({ body: { key: token } });
	return valid && key ? actorOf(database, "token", key.referenceId) : null;
}

/** The role is read at each request, so taking it away takes effect at once. */
async function actorOf(database: Database, kind: "user" | "token", id: string): Promise<Actor | null> {
	const user = await database.user.findUnique({ where: { id }, select: { name: true, role: true } });
	return user && isRole(user.role) ? { kind, id, name: user.name, role: user.role } : null;
}

function isRole(role: string): role is Role {
	return (roles as readonly string[]).includes(role);
}
