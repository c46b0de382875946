import type { ProxyMeasurements } from "@/domain/analysis/measurement";
import type { NumberedLine } from "@/domain/instance-log/model";

/**
 * The hosts' door, spoken over HTTPS with mutual TLS. The certificate's subject CN is the host's id and the only
 * identity: a host reads and reports only its own. JSON bodies; errors are {code, message}.
 *
 * POST /v1/join      no client certificate; body JoinRequest -> JoinAnswer. The client pins the CA by the token.
 * POST /v1/renew     body RenewRequest -> {certificate}
 * GET  /v1/hints     endless stream of lines of JSON: Hint; one line at once, then on change, and every 5 s as keep-alive
 * GET  /v1/desired   DesiredDocument
 * GET  /v1/config?instance=...   InstanceValues, of an instance that is desired on this host; never stored, never logged
 * GET  /v1/traffic   Snapshot (all services; ETag = hash, 304 honoured)
 * POST /v1/report    HostReport -> 204
 * POST /v1/measurements  MeasurementReport -> 204; a bucket that was told before is left as it is
 * POST /v1/logs      LogBatch -> 204 when every line of it is on the relay's disk; a line that was told before is left out
 * GET|HEAD /v2/...   the image registry, read only
 */
export interface JoinRequest {
	/** `<token id>.<secret>.<sha256 of the CA certificate's DER, hex>` as printed; the server needs the first two parts. */
	readonly token: string;
	readonly csr: string;
	readonly name: string;
	readonly address: string;
	readonly capacity: { memoryBytes: number; cpus: number };
}

export interface JoinAnswer {
	readonly installation: string;
	readonly host: string;
	readonly roles: readonly ("gateway" | "node")[];
	/** PEM */
	readonly certificate: string;
	/** PEM */
	readonly ca: string;
	readonly gatewayPort: number;
	readonly forwarderPort: number;
}

export interface RenewRequest {
	readonly csr: string;
}

/** Something may have changed: fetch what differs from what you have. */
export interface Hint {
	readonly desiredRevision: number;
	/** Changes whenever any service's traffic does. */
	readonly traffic: string;
}

export interface MeasurementReport {
	/** The host's clock when it sent this, in milliseconds since 1970: by it the relay sees a clock that is off. */
	readonly nowMs: number;
	readonly proxies: readonly ProxyMeasurements[];
}

/** What instances of this host wrote since the last batch that was taken, in order, one entry a container. */
export interface LogBatch {
	readonly logs: readonly {
		readonly instance: string;
		/** The first 12 characters of the container's id. */
		readonly container: string;
		readonly lines: readonly NumberedLine[];
	}[];
}

export function parseJoinToken(token: string): { id: string; secret: string; caSha256: string } | null {
	const [id, secret, caSha256, ...rest] = token.trim().split(".");
	if (!id || !secret || !caSha256 || rest.length > 0) return null;
	return { id, secret, caSha256 };
}
