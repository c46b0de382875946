import * as x509 from "@/adapters/ca/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** A new key (PKCS #8, PEM) and a signed request for its certificate. The key is made here and goes nowhere else. */
export async function createRequest(name: string): Promise<{ key: string; csr: string }> {
	const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
	const request = await x509.Pkcs10CertificateRequestGenerator.create({ name: `CN=${name}`, keys, signingAlgorithm: algorithm });
	const key = x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
	return { key, csr: request.toString("pem") };
}
