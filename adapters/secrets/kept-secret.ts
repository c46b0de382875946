import { hkdfSync, randomBytes } from "node:crypto";
import { decrypt, encrypt, type SealedSecret } from "@/adapters/secrets/cipher";
import type { SecretKey, SecretKeys } from "@/adapters/secrets/key-file";
import { AppError } from "@/domain/errors";

/** A key of its own: what webhooks keep says nothing about configuration's secrets, and the other way round. */
function keyFor(key: SecretKey): Buffer {
	return Buffer.from(hkdfSync("sha256", key.bytes, new Uint8Array(), "sluice webhook secret", 32));
}

/** `place` is whose secret it is: it opens nowhere else. */
export function sealKept(keys: SecretKeys, place: string, text: string): SealedSecret {
	const nonce = new Uint8Array(randomBytes(12));
	return { ciphertext: encrypt(keyFor(keys[0]), nonce, Buffer.from(place), Buffer.from(text)), nonce, keyId: keys[0].id };
}

/** Throws `internal` when its key is gone or the row was changed. Never shows anything of it. */
export function openKept(keys: SecretKeys, place: string, { ciphertext, nonce, keyId }: SealedSecret): string {
	const key = keys.find(({ id }) => id === keyId);
	if (!key) {
		throw new AppError(
			"internal",
			`The secret of ${place} needs the key ${keyId}, which the key file does not have: put it back from your backup.`,
		);
	}
	try {
		return decrypt(keyFor(key), nonce, Buffer.from(place), ciphertext).toString("utf8");
	} catch {
		// OpenSSL's error says nothing more.
		throw new AppError("internal", `The secret of ${place} cannot be decrypted: its row was changed or moved. Make a new one.`);
	}
}
