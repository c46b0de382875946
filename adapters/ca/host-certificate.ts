import { type Authority, algorithm, clockSlack, newSerial } from "@/adapters/ca/authority";
import * as x509 from "@/adapters/ca/x509";
import { AppError } from "@/domain/errors";

export interface SignedCertificate {
	/** PEM */
	readonly certificate: string;
	/** Hex, upper case, as TLS shows it. */
	readonly serial: string;
}

const lifeMs = 7 * 24 * 60 * 60_000;

/**
 * A certificate of 7 days that says "host `hostId`". The request proves only that the host has the key: what it says
 * about its own name is ignored. Throws `invalid` when the request is not one, or not signed by its own key.
 */
export async function signHostCertificate(
	authority: Authority,
	csr: string,
	hostId: string,
	now = new Date(),
): Promise<SignedCertificate> {
	const publicKey = await verifiedKey(csr);
	const serial = newSerial();
	const certificate = await x509.X509CertificateGenerator.create({
		serialNumber: serial,
		subject: [{ CN: [hostId] }],
		issuer: authority.certificate.subject,
		notBefore: clockSlack(now),
		notAfter: new Date(now.getTime() + lifeMs),
		publicKey,
		signingKey: authority.key,
		signingAlgorithm: algorithm,
		extensions: [
			new x509.BasicConstraintsExtension(false, undefined, true),
			new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
			new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth], true),
		],
	});
	return { certificate: certificate.toString("pem"), serial };
}

async function verifiedKey(csr: string): Promise<x509.PublicKey> {
	let request: x509.Pkcs10CertificateRequest;
	let isProven: boolean;
	try {
		request = new x509.Pkcs10CertificateRequest(csr);
		isProven = await request.verify();
	} catch (cause) {
		throw new AppError("invalid", "The certificate request cannot be read: it must be a PKCS#10 request as PEM.", { cause });
	}
	if (!isProven) throw new AppError("invalid", "The certificate request is not signed by its own key: make a new one.");
	return request.publicKey;
}
