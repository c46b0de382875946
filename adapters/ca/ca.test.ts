import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { algorithm, ensureAuthority, readAuthorityPin } from "@/adapters/ca/authority";
import { signHostCertificate } from "@/adapters/ca/host-certificate";
import { ensureRelayCertificate } from "@/adapters/ca/relay-certificate";
import * as x509 from "@/adapters/ca/x509";
import { pathsOf } from "@/domain/installation";

let home: string;
beforeEach(async () => {
	home = await mkdtemp(`${tmpdir()}/sluice-ca-`);
});
afterEach(() => rm(home, { recursive: true }));

const day = 24 * 60 * 60_000;

async function request(name: string): Promise<x509.Pkcs10CertificateRequest> {
	const keys = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
	return x509.Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: algorithm });
}

test("processes that start at once share one authority, readable by its owner only", async () => {
	const paths = pathsOf(home);
	const authorities = await Promise.all([1, 2, 3].map(() => ensureAuthority(paths)));
	expect(new Set(authorities.map((authority) => authority.sha256)).size).toBe(1);
	expect((await ensureAuthority(paths)).pem).toBe(authorities[0]?.pem);
	expect(await readAuthorityPin(paths)).toBe(authorities[0]?.sha256);
	expect((await stat(paths.caKey)).mode & 0o777).toBe(0o600);
});

test("a host's certificate names the host that was given, whatever the request says", async () => {
	const authority = await ensureAuthority(pathsOf(home));
	const signed = await signHostCertificate(authority, (await request("CN=h2, O=admins")).toString("pem"), "h1");
	const certificate = new X509Certificate(signed.certificate);
	expect(certificate.subject).toBe("CN=h1");
	expect(certificate.serialNumber).toBe(signed.serial);
	expect(certificate.verify(new X509Certificate(authority.pem).publicKey)).toBe(true);
	expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
	expect(Math.round((Date.parse(certificate.validTo) - Date.now()) / day)).toBe(7);
});

test("a request that is not signed by its own key is refused", async () => {
	const authority = await ensureAuthority(pathsOf(home));
	const tampered = new Uint8Array((await request("CN=h1")).rawData);
	tampered[tampered.length - 1] = (tampered[tampered.length - 1] ?? 0) ^ 1;
	const pem = x509.PemConverter.encode(tampered, "CERTIFICATE REQUEST");
	await expect(signHostCertificate(authority, pem, "h1")).rejects.toThrow(/certificate request/);
	await expect(signHostCertificate(authority, "no", "h1")).rejects.toThrow("cannot be read");
});

test("the relay's certificate is kept while it is good, and made anew for new addresses and at a third of its life", async () => {
	const paths = pathsOf(home);
	const authority = await ensureAuthority(paths);
	const first = await ensureRelayCertificate(authority, paths, ["127.0.0.1"]);
	expect(await ensureRelayCertificate(authority, paths, ["127.0.0.1"])).toEqual(first);
	const more = await ensureRelayCertificate(authority, paths, ["127.0.0.1", "10.9.0.1"]);
	expect(new X509Certificate(more.certificate).checkIP("10.9.0.1")).toBe("10.9.0.1");
	expect(more.key).toBe(first.key);
	const later = await ensureRelayCertificate(authority, paths, ["10.9.0.1", "127.0.0.1"], new Date(Date.now() + 31 * day));
	expect(later.certificate).not.toBe(more.certificate);
});
