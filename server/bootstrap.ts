/**
 * Task of the supervisor, run at each start: the audit chain, environments, the first administrator with an API token
 * for the CLI, and the hosts' certificate authority. Makes only what is missing; safe to run any number of times.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { hashPassword } from "better-auth/crypto";
import { ensureAuditKey } from "@/adapters/audit/key";
import { ensureAuthority } from "@/adapters/ca/authority";
import { messageOf } from "@/domain/errors";
import { noLimits } from "@/domain/policy/scope";
import { systemActor } from "@/domain/roles";
import { createDeps, type Deps } from "@/server/deps";
import { readEnv } from "@/server/env";
import { recordAudit } from "@/server/store/audit";
import { beginAuditChain } from "@/server/store/audit-chain";
import { ensureEnvironments } from "@/server/store/environment";
import { actorOfToken, insertToken } from "@/server/store/token";
import { findUserByEmail, insertUser } from "@/server/store/user";

interface FirstAdministrator {
	readonly email: string;
	readonly password: string;
}

export async function bootstrap(deps: Deps): Promise<void> {
	const { paths } = deps.env;
	await beginAuditChain(deps.database, () => ensureAuditKey(paths.auditKey));
	await ensureEnvironments(deps.database);
	await ensureAuthority(paths);
	const administrator = JSON.parse(readFileSync(paths.administrator, "utf8")) as FirstAdministrator;
	const userId = await ensureAdministrator(deps, administrator);
	await ensureToken(deps, userId);
}

async function ensureAdministrator(deps: Deps, { email, password }: FirstAdministrator): Promise<string> {
	const existing = await findUserByEmail(deps.database, email);
	if (existing) return existing.id;
	const passwordHash = await hashPassword(password);
	return deps.database.$transaction(async (tx) => {
		const summary = `The first administrator ${email} was made`;
		await recordAudit(tx, systemActor, { action: "user.create", subjectKind: "user", subject: email, summary });
		return insertUser(tx, { email, name: "administrator", role: "admin", passwordHash });
	});
}

/** The file is the token; when it is lost, a new one is made. */
async function ensureToken(deps: Deps, userId: string): Promise<void> {
	const file = deps.env.paths.apiToken;
	if (existsSync(file) && (await actorOfToken(deps.database, readFileSync(file, "utf8").trim())) !== null) return;
	const { token } = await deps.database.$transaction(async (tx) => {
		const summary = "An API token for the CLI of this machine was made";
		await recordAudit(tx, systemActor, { action: "token.create", subjectKind: "token", subject: "cli", summary });
		return insertToken(tx, { userId, name: "CLI of this machine", role: null, limits: noLimits, expiresAt: null });
	});
	writeFileSync(file, `${token}\n`, { mode: 0o600 });
}

if (process.argv[1]?.endsWith("server/bootstrap.ts")) {
	const deps = createDeps(readEnv(), "bootstrap");
	bootstrap(deps)
		.then(() => deps.log.info("everything a portal needs is there"))
		.catch((error: unknown) => {
			deps.log.error({ error: messageOf(error) }, "the installation could not be prepared");
			process.exitCode = 1;
		})
		.finally(() => void deps.close());
}
