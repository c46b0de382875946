import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decrypt, encrypt, open, seal } from "@/adapters/secrets/cipher";
import { ensureSecretKeys, keyOf, type SecretKeys } from "@/adapters/secrets/key-file";

const hex = (text: string) => new Uint8Array(Buffer.from(text, "hex"));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** Test cases 14 and 16 of McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B. */
const vectors = [
	{
		key: "00".repeat(32),
		nonce: "00".repeat(12),
		aad: "",
		plain: "00".repeat(16),
		sealed: "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
	},
	{
		key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
		nonce: "cafebabefacedbaddecaf888",
		aad: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
		plain:
			"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
		sealed:
			"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
	},
];

test("AES-256-GCM as published: the vectors of its authors, both ways", () => {
	for (const { key, nonce, aad, plain, sealed } of vectors) {
		expect(toHex(encrypt(hex(key), hex(nonce), hex(aad), hex(plain)))).toBe(sealed);
		expect(toHex(decrypt(hex(key), hex(nonce), hex(aad), hex(sealed)))).toBe(plain);
	}
});

const keys: SecretKeys = [keyOf(Buffer.alloc(32, 1))];
const place = { service: "orders", environment: "staging", name: "API_KEY", version: 2 };

test("a value opens at its own place only, and unchanged only", () => {
	const sealed = seal(keys, place, "ünder\nlines");
	expect(open(keys, place, sealed)).toBe("ünder\nlines");
	for (const other of [{ service: "carts" }, { environment: "production" }, { name: "OTHER" }, { version: 3 }]) {
		expect(() => open(keys, { ...place, ...other }, sealed)).toThrow("cannot be decrypted");
	}
	const changed = { ...sealed, ciphertext: sealed.ciphertext.map((byte, index) => (index === 0 ? byte ^ 1 : byte)) };
	expect(() => open(keys, place, changed)).toThrow("cannot be decrypted");
	expect(() => open(keys, place, { ...sealed, ciphertext: new Uint8Array(3) })).toThrow("cannot be decrypted");
});

test("the same value twice is two different texts", () => {
	expect(toHex(seal(keys, place, "same").ciphertext)).not.toBe(toHex(seal(keys, place, "same").ciphertext));
});

test("a newer key encrypts, the older one still opens what it encrypted; without it a sentence says so", () => {
	const old = seal(keys, place, "old");
	const rotated: SecretKeys = [keyOf(Buffer.alloc(32, 2)), ...keys];
	expect(seal(rotated, place, "new").keyId).toBe(rotated[0].id);
	expect(open(rotated, place, old)).toBe("old");
	expect(() => open([rotated[0]], place, old)).toThrow(`needs the key ${keys[0].id}`);
});

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(`${tmpdir()}/sluice-keys-`);
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the key file is made once, for its owner only, and never made anew", async () => {
	const file = `${folder}/secrets/config-key`;
	const [one, two] = await Promise.all([ensureSecretKeys(file), ensureSecretKeys(file)]);
	expect(one[0].bytes.equals(two[0].bytes)).toBe(true);
	expect(statSync(file).mode & 0o777).toBe(0o600);
	expect((await ensureSecretKeys(file))[0].id).toBe(one[0].id);
	chmodSync(file, 0o640);
	await expect(ensureSecretKeys(file)).rejects.toThrow("chmod 600");
	writeFileSync(file, "short\n");
	chmodSync(file, 0o600);
	await expect(ensureSecretKeys(file)).rejects.toThrow("does not hold keys");
});
