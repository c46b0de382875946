import { createHash, randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { createOnce } from "@/adapters/ca/secret-file";
import { AppError } from "@/domain/errors";

const keyBytes = 32;

export interface SecretKey {
	/** The first 12 hex digits of the key's SHA-256: says which key, and nothing about it. */
	readonly id: string;
	readonly bytes: Buffer;
}

/** The first encrypts, all decrypt: a new key is put before the old ones. */
export type SecretKeys = readonly [SecretKey, ...SecretKey[]];

/**
 * The keys of the installation's secrets: a file outside the database, one key of 32 bytes in base64 a line, made by
 * whoever comes first. Throws `unavailable` when others may read it or it holds no keys; nothing is made anew then, as
 * that would make every secret unreadable.
 */
export async function ensureSecretKeys(file: string): Promise<SecretKeys> {
	const text = await createOnce(file, async () => `${randomBytes(keyBytes).toString("base64")}\n`);
	if (((await stat(file)).mode & 0o077) !== 0) {
		throw new AppError("unavailable", `${file} can be read by others than its owner: run \`chmod 600 ${file}\`.`);
	}
	const keys = text
		.split("\n")
		.filter((line) => line.trim() !== "")
		.map((line) => keyOf(Buffer.from(line, "base64")));
	const [first, ...rest] = keys;
	if (first && keys.every(({ bytes }) => bytes.length === keyBytes)) return [first, ...rest];
	throw new AppError(
		"unavailable",
		`${file} does not hold keys of ${keyBytes} bytes in base64: put the file back from your backup.`,
	);
}

export function keyOf(bytes: Buffer): SecretKey {
	return { id: createHash("sha256").update(bytes).digest("hex").slice(0, 12), bytes };
}
