import { randomUUID } from "node:crypto";
import { ensureSecretKeys } from "@/adapters/secrets/key-file";
import { newSecret } from "@/adapters/webhook/standard";
import { AppError } from "@/domain/errors";
import { parseImportAddress } from "@/domain/import/address";
import type { Actor } from "@/domain/roles";
import type { HookKind } from "@/domain/webhook/inbound";
import type { Env } from "@/server/env";
import { recordAudit } from "@/server/store/audit";
import type { Database } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { getHook, importedFrom, insertHook, removeHook } from "@/server/store/inbound-hook";
import { findRepository } from "@/server/store/repository";
import { insertWebhookSecret, removeWebhookSecrets } from "@/server/store/webhook-secret";

export interface HookDeps {
	readonly database: Database;
	readonly env: Pick<Env, "paths" | "portalUrl">;
}

export interface HookWish {
	readonly repository: string;
	readonly kind: HookKind;
	/** Of a private repository: kept encrypted, for the fetches that pushes ask for. */
	readonly credentials: { readonly username: string; readonly password: string } | null;
}

/** Where the sender is to send to. */
export function hookAddress(portalUrl: string, id: string): string {
	return `${portalUrl}/api/hooks/${id}`;
}

/**
 * A door for the repository that this one was imported from; the secret is shown now and never again. Throws `not-found`,
 * and `not-allowed-now` for a repository that was not imported: nothing would say where to fetch from.
 */
export async function createHook(
	{ database, env }: HookDeps,
	actor: Actor,
	{ repository, kind, credentials }: HookWish,
): Promise<{ id: string; address: string; secret: string }> {
	const keys = await ensureSecretKeys(env.paths.configKey);
	const id = randomUUID();
	const secret = newSecret();
	await database.$transaction(async (tx) => {
		if (!(await findRepository(tx, repository))) throw new AppError("not-found", `There is no repository ${repository}.`);
		const from = await importedFrom(tx, repository);
		if (from === null) {
			throw new AppError(
				"not-allowed-now",
				`${repository} was not imported from anywhere, so a hook would have nowhere to fetch from: push to it, or import the other one.`,
			);
		}
		const { url: address } = parseImportAddress(from);
		const createdAt = new Date(await databaseNow(tx));
		await insertHook(tx, { id, repository, kind, address, createdBy: actor.name, createdById: actor.id, createdAt });
		const owner = `hook/${id}` as const;
		await insertWebhookSecret(tx, keys, { owner, use: "sign", text: secret }, createdAt);
		if (credentials !== null)
			await insertWebhookSecret(tx, keys, { owner, use: "fetch", text: JSON.stringify(credentials) }, createdAt);
		await recordAudit(tx, actor, {
			action: "hook.create",
			subjectKind: "repository",
			subject: repository,
			summary: `${actor.name} made an inbound hook (${kind}) that takes over pushes from ${address} into ${repository}`,
			data: { kind, address, hook: id, hasCredentials: credentials !== null },
		});
	});
	return { id, address: hookAddress(env.portalUrl, id), secret };
}

/** From then on it is refused like any unknown one; with its secrets and what it received. Throws `not-found`. */
export async function removeHookForGood({ database }: Pick<HookDeps, "database">, actor: Actor, id: string): Promise<void> {
	await database.$transaction(async (tx) => {
		const { repository, address } = await getHook(tx, id);
		await removeWebhookSecrets(tx, `hook/${id}`);
		await removeHook(tx, id);
		const summary = `${actor.name} removed the inbound hook for pushes from ${address} into ${repository}`;
		await recordAudit(tx, actor, { action: "hook.remove", subjectKind: "repository", subject: repository, summary });
	});
}
