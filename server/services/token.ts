import { AppError } from "@/domain/errors";
import { noLimits, type TokenLimits, whyWider } from "@/domain/policy/scope";
import type { Actor, Role } from "@/domain/roles";
import { whyNotToken } from "@/domain/user/token";
import { recordAudit } from "@/server/store/audit";
import type { Database } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { deleteToken, insertToken } from "@/server/store/token";

interface TokenDeps {
	readonly database: Database;
}

/** A token of one's own, shown once. Throws `forbidden` for a role above one's own, or limits wider than the asking token's. */
export async function createToken(
	{ database }: TokenDeps,
	actor: Actor,
	wish: { readonly name: string; readonly role: Role; readonly days: number; readonly limits?: TokenLimits },
): Promise<{ id: string; token: string; expiresAt: Date }> {
	const refusal = whyNotToken(actor, wish.role) ?? whyWider(actor.token?.limits ?? noLimits, wish.limits ?? noLimits);
	if (refusal) throw new AppError("forbidden", refusal);
	return database.$transaction(async (tx) => {
		const expiresAt = new Date((await databaseNow(tx)) + wish.days * 86_400_000);
		const { name, role, limits = noLimits } = wish;
		const made = await insertToken(tx, { userId: actor.id, name, role, limits, expiresAt });
		const summary = `${actor.name} made the API token "${name}" (${role}), valid ${wish.days} days`;
		const data = { role, expiresAt: expiresAt.toISOString(), ...limits };
		await recordAudit(tx, actor, { action: "token.create", subjectKind: "token", subject: name, summary, data });
		return { ...made, expiresAt };
	});
}

/** Takes one's own token away: its next request is refused. Throws `not-found`. */
export async function revokeToken({ database }: TokenDeps, actor: Actor, id: string): Promise<void> {
	await database.$transaction(async (tx) => {
		const name = await deleteToken(tx, actor.id, id);
		if (name === null) throw new AppError("not-found", "You have no such token: `sluice token list` shows yours.");
		const summary = `${actor.name} revoked the API token "${name}"`;
		await recordAudit(tx, actor, { action: "token.revoke", subjectKind: "token", subject: name, summary });
	});
}
