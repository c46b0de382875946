import { type Authority, algorithm, clockSlack, importPrivateKey, newSerial, publicKeyOf } from "@/adapters/ca/authority";
import { createOnce, readIfThere, replaceSecret } from "@/adapters/ca/secret-file";
import * as x509 from "@/adapters/ca/x509";

export interface RelayCertificatePaths {
	readonly relayKey: string;
	readonly relayCertificate: string;
}

const lifeMs = 90 * 24 * 60 * 60_000;

/** Key and certificate (PEM) of the relay for these IP addresses; made anew when they change or a third of its life is over. */
export async function ensureRelayCertificate(
	authority: Authority,
	paths: RelayCertificatePaths,
	addresses: readonly string[],
	now = new Date(),
): Promise<{ key: string; certificate: string }> {
	const key = await createOnce(paths.relayKey, async () => {
		const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
		return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
	});
	const existing = await readIfThere(paths.relayCertificate);
	if (existing !== null && (await isGood(existing, authority, addresses, now))) return { key, certificate: existing };
	const certificate = await issue(authority, await importPrivateKey(key), addresses, now);
	await replaceSecret(paths.relayCertificate, certificate);
	return { key, certificate };
}

async function isGood(pem: string, authority: Authority, addresses: readonly string[], now: Date): Promise<boolean> {
	const certificate = new x509.X509Certificate(pem);
	const names = certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.items.map((name) => name.value) ?? [];
	return (
		certificate.notBefore.getTime() + lifeMs / 3 > now.getTime() &&
		[...names].sort().join() === [...addresses].sort().join() &&
		(await certificate.verify({ publicKey: authority.certificate.publicKey, signatureOnly: true }))
	);
}

async function issue(authority: Authority, key: CryptoKey, addresses: readonly string[], now: Date): Promise<string> {
	const certificate = await x509.X509CertificateGenerator.create({
		serialNumber: newSerial(),
		subject: "CN=relay",
		issuer: authority.certificate.subject,
		notBefore: clockSlack(now),
		notAfter: new Date(now.getTime() + lifeMs),
		publicKey: await publicKeyOf(key),
		signingKey: authority.key,
		signingAlgorithm: algorithm,
		extensions: [
			new x509.BasicConstraintsExtension(false, undefined, true),
			new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
			new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth], true),
			new x509.SubjectAlternativeNameExtension(addresses.map((value) => ({ type: "ip" as const, value }))),
		],
	});
	return certificate.toString("pem");
}
