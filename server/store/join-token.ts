import { createHash, randomBytes } from "node:crypto";
import { AppError } from "@/domain/errors";
import { isSlug } from "@/domain/names";
import type { Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";

export type HostRole = "gateway" | "node";

/** Time enough to paste it on the other machine. */
const lifeMs = 15 * 60_000;

/**
 * A token that lets one host of this name join, once, within 15 minutes. The text is shown now and never again: only
 * the hash of its secret is stored. It carries the CA's pin, so the host knows whom it talks to.
 */
export async function createJoinToken(
	tx: Tx,
	grant: { host: string; roles: readonly HostRole[]; createdBy: string; caSha256: string },
	at?: Date,
): Promise<string> {
	if (!isSlug(grant.host))
		throw new AppError("invalid", `"${grant.host}" cannot be a host's name: use up to 40 small letters, digits and hyphens.`);
	if (grant.roles.length === 0) throw new AppError("invalid", `Give host ${grant.host} at least one role: gateway or node.`);
	const now = at ?? new Date(await databaseNow(tx));
	const id = randomBytes(8).toString("hex");
	const secret = randomBytes(32).toString("base64url");
	await tx.joinToken.create({
		data: {
			id,
			secretHash: hashOf(secret),
			host: grant.host,
			roles: [...grant.roles],
			createdBy: grant.createdBy,
			createdAt: now,
			expiresAt: new Date(now.getTime() + lifeMs),
		},
	});
	return `${id}.${secret}.${grant.caSha256}`;
}

/**
 * Uses the token up. Throws `forbidden` when it is unknown, used, too old or for another host; the reason is told
 * only to who knows the secret.
 */
export async function redeemJoinToken(
	tx: Tx,
	token: { id: string; secret: string; host: string },
	at?: Date,
): Promise<{ roles: HostRole[]; createdBy: string }> {
	const now = at ?? new Date(await databaseNow(tx));
	const match = { id: token.id, secretHash: hashOf(token.secret) };
	const used = await tx.joinToken.updateManyAndReturn({
		where: { ...match, host: token.host, usedAt: null, expiresAt: { gt: now } },
		data: { usedAt: now },
	});
	const grant = used[0];
	if (grant) return { roles: grant.roles.filter(isHostRole), createdBy: grant.createdBy };
	const known = await tx.joinToken.findFirst({ where: match });
	throw new AppError("forbidden", `Host ${token.host} cannot join: ${whyNot(known, token.host)} Make a new one.`);
}

function whyNot(known: { host: string; usedAt: Date | null } | null, host: string): string {
	if (!known) return "the join token is not known here.";
	if (known.host !== host) return `the join token is for host ${known.host}.`;
	if (known.usedAt) return "the join token was used already.";
	return "the join token is older than 15 minutes.";
}

function isHostRole(role: string): role is HostRole {
	return role === "gateway" || role === "node";
}

/** The secret is 256 random bits, so a plain hash cannot be searched. */
function hashOf(secret: string): string {
	return createHash("sha256").update(secret).digest("hex");
}
