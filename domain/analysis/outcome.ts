import { parseClusterName } from "@/domain/names";

/** One request as Envoy logs it when it is over. */
export interface LoggedRequest {
	/** Empty = Envoy answered by itself, before it chose a cluster. */
	readonly cluster: string;
	/** Name of the route that matched; empty = none, or one without a name. */
	readonly route: string;
	/** Wall clock, in milliseconds since 1970. */
	readonly endedAtMs: number;
	/** From the first byte of the request to the last byte of the answer; of an upgrade: to the first. */
	readonly durationUs: number;
	/** 0 = the client was sent none. */
	readonly code: number;
	/** null = not gRPC. */
	readonly grpcStatus: number | null;
	readonly isClientGone: boolean;
	/** The connection to the instance, or the instance itself, broke the answer off. */
	readonly isBroken: boolean;
}

/** What took a request; release 0 = the service was meant, and no release of it was chosen. */
export interface Target {
	readonly service: string;
	readonly environment: string;
	readonly release: number;
}

/** Statuses with which a gRPC server, not its caller, is at fault, as OpenTelemetry counts them. */
const grpcFailures: ReadonlySet<number> = new Set([2, 4, 12, 13, 14, 15]);
const switchingProtocols = 101;

/**
 * Answered with 5xx, broken off, or not answered. A client that went away by itself proves nothing against the
 * release, and a WebSocket that was once open may end in any way.
 */
export function isFailure(request: Pick<LoggedRequest, "code" | "grpcStatus" | "isClientGone" | "isBroken">): boolean {
	if (request.code >= 500) return true;
	if (request.grpcStatus !== null && grpcFailures.has(request.grpcStatus)) return true;
	if (request.isClientGone || request.code === switchingProtocols) return false;
	return request.code === 0 || request.isBroken;
}

/** null = no service was meant: an unknown host name at the gateway. */
export function targetOf(request: Pick<LoggedRequest, "cluster" | "route">): Target | null {
	if (request.cluster !== "") return parseClusterName(request.cluster);
	const [service, environment, ...rest] = request.route.split("/");
	return service && environment && rest.length === 0 ? { service, environment, release: 0 } : null;
}
