import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const caBundle = "/etc/ssl/certs/ca-certificates.crt";
const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The machine's certificate bundle; empty when it has none. */
export function hostCertificates(): Buffer {
	const file = process.env.SSL_CERT_FILE ?? caBundle;
	return existsSync(/* turbopackIgnore: true */ file) ? readFileSync(/* turbopackIgnore: true */ file) : Buffer.alloc(0);
}

/**
 * Writes the certificates that this machine trusts beyond Debian's, one a file, as Debian's own tools want them: they
 * put them into each bundle (Java's, too), and a later `update-ca-certificates` in a Dockerfile keeps them.
 */
export function writeOwnCertificates(folder: string): void {
	mkdirSync(folder, { recursive: true });
	const known = debianCertificates();
	const own = (hostCertificates().toString("utf8").match(pem) ?? []).filter((one) => !known.has(squeezed(one)));
	for (const [index, one] of own.entries()) writeFileSync(join(folder, `machine-${index + 1}.crt`), `${one}\n`);
}

function debianCertificates(): Set<string> {
	const folder = "/usr/share/ca-certificates/mozilla";
	if (!existsSync(folder)) return new Set();
	const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
	return new Set(texts.flatMap((text) => text.match(pem) ?? []).map(squeezed));
}

function squeezed(text: string): string {
	return text.replace(/\s+/g, "");
}
