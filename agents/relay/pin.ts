import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import tls from "node:tls";
import { AppError } from "@/domain/errors";

/**
 * The CA's certificate (PEM) of the relay at `address`, which must be the one that the join token names. Nothing is
 * sent before that is known. Throws `forbidden` when somebody else answers, `unavailable` when nobody does.
 */
export async function fetchPinnedAuthority(address: URL, caSha256: string): Promise<string> {
	const socket = tls.connect({ host: address.hostname, port: Number(address.port), rejectUnauthorized: false, timeout: 10_000 });
	try {
		await Promise.race([
			once(socket, "secureConnect"),
			once(socket, "timeout").then(() => {
				throw new Error("no answer within 10 s");
			}),
		]);
	} catch (cause) {
		socket.destroy();
		throw new AppError("unavailable", `The relay at ${address.origin} does not answer: check the address and the network.`, {
			cause,
		});
	}
	const chain = chainOf(socket.getPeerCertificate(true));
	socket.destroy();
	const [leaf] = chain;
	const authority = chain.find((certificate) => createHash("sha256").update(certificate.raw).digest("hex") === caSha256);
	if (leaf && authority && leaf.verify(authority.publicKey)) return authority.toString();
	throw new AppError("forbidden", `What answers at ${address.origin} is not the relay that made this token: do not trust it.`);
}

function chainOf(first: tls.DetailedPeerCertificate): X509Certificate[] {
	const chain: X509Certificate[] = [];
	for (let one = first; one?.raw; one = one.issuerCertificate) {
		const certificate = new X509Certificate(one.raw);
		if (chain.some((known) => known.fingerprint256 === certificate.fingerprint256)) break;
		chain.push(certificate);
	}
	return chain;
}
