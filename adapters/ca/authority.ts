import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createOnce } from "@/adapters/ca/secret-file";
import * as x509 from "@/adapters/ca/x509";
import { AppError } from "@/domain/errors";

/**
 * The installation's own certificate authority: the only thing that says which host is which. Its key never leaves
 * `secrets/`; made by whoever comes first, and the same for all who come at the same time.
 */
export interface Authority {
	readonly certificate: x509.X509Certificate;
	readonly pem: string;
	/** sha256 of the certificate's DER, hex: the pin printed in a join token. */
	readonly sha256: string;
	readonly key: CryptoKey;
}

export interface AuthorityPaths {
	readonly caKey: string;
	readonly caCertificate: string;
}

export const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const lifeYears = 10;

export async function ensureAuthority(paths: AuthorityPaths, now = new Date()): Promise<Authority> {
	const keyPem = await createOnce(paths.caKey, async () => {
		const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
		return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
	});
	const key = await importPrivateKey(keyPem);
	const pem = await createOnce(paths.caCertificate, async () => (await selfSigned(key, now)).toString("pem"));
	const certificate = new x509.X509Certificate(pem);
	return { certificate, pem, sha256: sha256Of(certificate), key };
}

/** The pin of the CA, for those who print join tokens and have no use for its key. */
export async function readAuthorityPin(paths: Pick<AuthorityPaths, "caCertificate">): Promise<string> {
	try {
		return sha256Of(new x509.X509Certificate(await readFile(paths.caCertificate, "utf8")));
	} catch (cause) {
		throw new AppError("unavailable", "The certificate authority is not there yet: is the relay running?", { cause });
	}
}

/** 16 random bytes; the first is 40 to 7f, so it is positive and every tool prints it the same. */
export function newSerial(): string {
	const bytes = randomBytes(16);
	bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
	return bytes.toString("hex").toUpperCase();
}

export async function importPrivateKey(pem: string): Promise<CryptoKey> {
	const [der] = x509.PemConverter.decode(pem);
	if (!der) throw new AppError("internal", "A key file in secrets/ is not PEM: remove it, and a new one is made.");
	return crypto.subtle.importKey("pkcs8", der, algorithm, true, ["sign"]);
}

/** The public half of a private key, which WebCrypto does not hand out by itself. */
export async function publicKeyOf(key: CryptoKey): Promise<CryptoKey> {
	const { d: _, key_ops: __, ...jwk } = await crypto.subtle.exportKey("jwk", key);
	return crypto.subtle.importKey("jwk", { ...jwk, key_ops: ["verify"] }, algorithm, true, ["verify"]);
}

async function selfSigned(key: CryptoKey, now: Date): Promise<x509.X509Certificate> {
	const notAfter = new Date(now);
	notAfter.setUTCFullYear(now.getUTCFullYear() + lifeYears);
	return x509.X509CertificateGenerator.createSelfSigned({
		serialNumber: newSerial(),
		name: "CN=Sluice hosts",
		notBefore: clockSlack(now),
		notAfter,
		signingAlgorithm: algorithm,
		keys: { privateKey: key, publicKey: await publicKeyOf(key) },
		extensions: [
			new x509.BasicConstraintsExtension(true, 0, true),
			new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
		],
	});
}

/** Clocks of hosts differ: a new certificate is valid from five minutes ago. */
export function clockSlack(now: Date): Date {
	return new Date(now.getTime() - 5 * 60_000);
}

function sha256Of(certificate: x509.X509Certificate): string {
	return createHash("sha256").update(new Uint8Array(certificate.rawData)).digest("hex");
}
