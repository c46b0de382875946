import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { decrypt, encrypt, type SealedSecret } from "@/adapters/secrets/cipher";
import type { SecretKey, SecretKeys } from "@/adapters/secrets/key-file";
import { AppError } from "@/domain/errors";

/** A key of its own for each use: what is kept here says nothing about configuration's secrets, and the other way round. */
function keyFor(key: SecretKey, use: "answer" | "request"): Buffer {
	return Buffer.from(hkdfSync("sha256", key.bytes, new Uint8Array(), `sluice kept ${use}`, 32));
}

/** Keyed, as a request may hold a short secret that a plain hash would let somebody guess. */
export function hashRequest(key: SecretKey, request: string): Uint8Array<ArrayBuffer> {
	return new Uint8Array(createHmac("sha256", keyFor(key, "request")).update(request).digest());
}

export function isSameRequest(keys: SecretKeys, kept: { requestHash: Uint8Array; keyId: string }, request: string): boolean {
	return timingSafeEqual(hashRequest(keyOf(keys, kept.keyId), request), kept.requestHash);
}

/** `place` is whose answer it is: it opens nowhere else. */
export function sealAnswer(keys: SecretKeys, place: string, text: string): SealedSecret {
	const nonce = new Uint8Array(randomBytes(12));
	const ciphertext = encrypt(keyFor(keys[0], "answer"), nonce, Buffer.from(place), Buffer.from(text));
	return { ciphertext, nonce, keyId: keys[0].id };
}

/** Throws `internal` when its key is gone or the row was changed. */
export function openAnswer(keys: SecretKeys, place: string, { ciphertext, nonce, keyId }: SealedSecret): string {
	try {
		return decrypt(keyFor(keyOf(keys, keyId), "answer"), nonce, Buffer.from(place), ciphertext).toString("utf8");
	} catch (error) {
		if (error instanceof AppError) throw error;
		// OpenSSL's error says nothing more.
		throw new AppError("internal", "The kept answer of this Idempotency-Key cannot be read: its row was changed. Use a new key.");
	}
}

function keyOf(keys: SecretKeys, id: string): SecretKey {
	const key = keys.find((one) => one.id === id);
	if (key) return key;
	throw new AppError("internal", `The kept answer of this Idempotency-Key needs the key ${id}, which is gone: use a new key.`);
}
