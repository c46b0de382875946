import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { AppError } from "@/domain/errors";
import type { Database } from "@/server/store/client";
import { acceptsCertificate } from "@/server/store/host";

export interface HostIdentity {
	readonly host: string;
	readonly serial: string;
}

/**
 * Who asks: the subject of a client certificate that our own CA signed and that is the host's present one. TLS lets
 * everybody in (a host that joins has no certificate yet), so every route but join and health goes through here.
 * Throws `unauthenticated`.
 */
export async function identify(request: IncomingMessage, database: Database): Promise<HostIdentity> {
	const socket = request.socket;
	if (!(socket instanceof TLSSocket) || !socket.authorized)
		throw new AppError("unauthenticated", "This needs the certificate of a host of this installation: join with a token.");
	const { subject, serialNumber } = socket.getPeerCertificate();
	const host = subject?.CN;
	if (typeof host !== "string" || !serialNumber) throw new AppError("unauthenticated", "The certificate names no host.");
	if (!(await acceptsCertificate(database, host, serialNumber)))
		throw new AppError(
			"unauthenticated",
			`The certificate of host ${host} was replaced or the host was removed: join again with a new token.`,
		);
	return { host, serial: serialNumber };
}
