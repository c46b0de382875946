import { createHmac } from "node:crypto";
import { ensureSecretKeys } from "@/adapters/secrets/key-file";
import type { Mac } from "@/domain/audit/chain";

/** What the audit chain's hashes are made with. */
export interface AuditKey {
	/** Says which key, and nothing about it. */
	readonly id: string;
	readonly mac: Mac;
}

export function auditKeyOf(id: string, bytes: Buffer): AuditKey {
	return { id, mac: (text) => createHmac("sha256", bytes).update(text).digest("hex") };
}

/** The installation's: a file that only its owner reads, made by whoever comes first. Throws `unavailable`, see there. */
export async function ensureAuditKey(file: string): Promise<AuditKey> {
	const [key] = await ensureSecretKeys(file);
	return auditKeyOf(key.id, key.bytes);
}
