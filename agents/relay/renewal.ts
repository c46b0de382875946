import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequest } from "@/adapters/ca/request";
import type { Log } from "@/adapters/log/log";
import { messageOf } from "@/domain/errors";
import type { RenewRequest } from "@/domain/relay/protocol";
import { writeDurably } from "../durable";
import type { HostFiles } from "../files";
import type { RelayClient } from "./client";

const checkMs = 60_000;

/** Gets a new key and certificate when a third of the life of the present one is over. Returns how to stop. */
export function keepRenewed(host: string, files: HostFiles, relay: RelayClient, log: Log): () => void {
	const check = async (): Promise<void> => {
		if (!isDue(new X509Certificate(readFileSync(files.identity)), Date.now())) return;
		const { key, csr } = await createRequest(host);
		const answer = await relay.ask<{ certificate: string }>({
			method: "POST",
			path: "/v1/renew",
			body: { csr } satisfies RenewRequest,
		});
		if (!answer) return;
		writeDurably(files.identity, `${answer.body.certificate.trimEnd()}\n${key}`, 0o600);
		relay.renewIdentity();
		log.info("the host's certificate is renewed");
	};
	const timer = setInterval(() => {
		check().catch((error: unknown) =>
			log.warn({ error: messageOf(error) }, "the certificate cannot be renewed now; trying again"),
		);
	}, checkMs);
	return () => clearInterval(timer);
}

function isDue(certificate: Pick<X509Certificate, "validFromDate" | "validToDate">, now: number): boolean {
	const from = certificate.validFromDate.getTime();
	return now > from + (certificate.validToDate.getTime() - from) / 3;
}
