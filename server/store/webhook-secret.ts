import { randomUUID } from "node:crypto";
import { openKept, sealKept } from "@/adapters/secrets/kept-secret";
import type { SecretKeys } from "@/adapters/secrets/key-file";
import type { Tx } from "@/server/store/client";

/** `webhook/<id>` or `hook/<id>`. */
type Owner = `${"webhook" | "hook"}/${string}`;
type Use = "sign" | "fetch";

const placeOf = (owner: Owner, use: Use) => `${owner}/${use}`;

export async function insertWebhookSecret(
	tx: Tx,
	keys: SecretKeys,
	{ owner, use, text }: { readonly owner: Owner; readonly use: Use; readonly text: string },
	now: Date,
): Promise<void> {
	const sealed = sealKept(keys, placeOf(owner, use), text);
	await tx.webhookSecret.create({ data: { id: randomUUID(), owner, use, ...sealed, createdAt: now } });
}

/** What is valid at this time, the newest first. */
export async function webhookSecrets(tx: Tx, keys: SecretKeys, owner: Owner, use: Use, now: Date): Promise<readonly string[]> {
	const rows = await tx.webhookSecret.findMany({
		where: { owner, use, OR: [{ validUntil: null }, { validUntil: { gt: now } }] },
		orderBy: { createdAt: "desc" },
	});
	return rows.map((row) => openKept(keys, placeOf(owner, use), row));
}

/** The present one is good until then; what was replaced before it is gone, so never more than two are. */
export async function retireWebhookSecrets(tx: Tx, owner: Owner, validUntil: Date): Promise<void> {
	await tx.webhookSecret.deleteMany({ where: { owner, use: "sign", validUntil: { not: null } } });
	await tx.webhookSecret.updateMany({ where: { owner, use: "sign" }, data: { validUntil } });
}

export async function removeWebhookSecrets(tx: Tx, owner: Owner): Promise<void> {
	await tx.webhookSecret.deleteMany({ where: { owner } });
}
