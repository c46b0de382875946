import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { SecretKey, SecretKeys } from "@/adapters/secrets/key-file";
import type { SecretPlace } from "@/domain/config/model";
import { AppError } from "@/domain/errors";

const algorithm = "aes-256-gcm";
/** 96 random bits, as NIST SP 800-38D wants them; one key may encrypt 2^32 values before they could repeat. */
const nonceBytes = 12;
const tagBytes = 16;

export interface SealedSecret {
	/** With the tag of 16 bytes at its end. */
	readonly ciphertext: Uint8Array<ArrayBuffer>;
	readonly nonce: Uint8Array<ArrayBuffer>;
	readonly keyId: string;
}

export function seal(keys: SecretKeys, place: SecretPlace, value: string): SealedSecret {
	const nonce = randomBytes(nonceBytes);
	return {
		ciphertext: encrypt(keys[0].bytes, nonce, aadOf(place), Buffer.from(value, "utf8")),
		nonce: new Uint8Array(nonce),
		keyId: keys[0].id,
	};
}

/** Throws `internal` when the key is not there, or the value was changed or belongs to another place. Never shows anything of it. */
export function open(keys: SecretKeys, place: SecretPlace, sealed: SealedSecret): string {
	const key: SecretKey | undefined = keys.find(({ id }) => id === sealed.keyId);
	const what = `The secret ${place.name} of ${place.service} in ${place.environment}, version ${place.version},`;
	if (!key)
		throw new AppError(
			"internal",
			`${what} needs the key ${sealed.keyId}, which the key file does not have: put it back from your backup.`,
		);
	try {
		return decrypt(key.bytes, sealed.nonce, aadOf(place), sealed.ciphertext).toString("utf8");
	} catch {
		// OpenSSL's error says nothing more, and is not kept as a cause on purpose.
		throw new AppError("internal", `${what} cannot be decrypted: its row was changed or moved. Set the secret anew.`);
	}
}

/** No name has a slash in it, so no two places are written alike. */
function aadOf({ service, environment, name, version }: SecretPlace): Buffer {
	return Buffer.from(`${service}/${environment}/${name}/${version}`, "utf8");
}

export function encrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array): Uint8Array<ArrayBuffer> {
	const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
	cipher.setAAD(aad);
	return new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]));
}

/** Throws when anything differs from what was encrypted. */
export function decrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Buffer {
	if (sealed.length < tagBytes) throw new Error("too short");
	const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
	decipher.setAAD(aad);
	decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
	return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - tagBytes)), decipher.final()]);
}
