/**
 * The traffic of one service in one environment, as Postgres decides it and every proxy must serve it.
 * `revision` rises by one with each publish, under a row lock: an older revision is never served over a newer one.
 */
export type Protocol = "http" | "h2c" | "tcp";

export interface ServiceTraffic {
	readonly service: string;
	readonly environment: string;
	readonly revision: number;
	/** From 10.254.0.0/16; one per service + environment, for its whole life. */
	readonly virtualAddress: string;
	/** Host headers at the gateway; empty = not reachable from outside. The first http port is the one exposed. */
	readonly gatewayHosts: readonly string[];
	readonly ports: readonly TrafficPort[];
	readonly releases: readonly TrafficRelease[];
	/** No release serves only because one is taking the place of another (`recreate`); left out = not so. */
	readonly isBeingReplaced?: true;
	/** 0 = no limit. */
	readonly requestTimeoutMs: number;
	readonly streamIdleTimeoutMs: number;
}

export interface TrafficPort {
	readonly name: string;
	/** What clients dial on the virtual address. */
	readonly port: number;
	readonly protocol: Protocol;
}

export interface TrafficRelease {
	readonly release: number;
	/** 0 to 100, two decimals at most; 0 = warm: cluster and endpoints exist, no route names them. The sum over releases is 100, or 0 when nothing serves. */
	readonly weight: number;
	readonly health: HealthCheck;
	readonly endpoints: readonly TrafficEndpoint[];
}

export interface HealthCheck {
	readonly kind: "http" | "tcp";
	/** Name of one of the service's ports. */
	readonly port: string;
	readonly path: string;
}

export interface TrafficEndpoint {
	readonly instance: string;
	readonly address: string;
	/** Port name -> host port. */
	readonly ports: Readonly<Record<string, number>>;
	readonly state: "active" | "draining";
}

/** What one agent serves to its Envoys; kept on its disk. */
export interface Snapshot {
	readonly installation: string;
	readonly services: readonly ServiceTraffic[];
}

export function trafficKey(traffic: { service: string; environment: string }): string {
	return `${traffic.service}/${traffic.environment}`;
}
