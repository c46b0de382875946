import type { IncomingMessage, ServerResponse } from "node:http";
import type { Authority } from "@/adapters/ca/authority";
import type { InstanceLogWriter } from "@/adapters/instance-log/writer";
import type { Log } from "@/adapters/log/log";
import type { SecretKeys } from "@/adapters/secrets/key-file";
import type { HintHub } from "@/server/relay/hints";
import type { RequestMetrics } from "@/server/relay/request-metrics";
import type { TrafficSource } from "@/server/relay/traffic-document";
import type { Database } from "@/server/store/client";

/** What every route works with. */
export interface RelayContext {
	readonly installation: string;
	readonly portBase: number;
	readonly database: Database;
	readonly authority: Authority;
	readonly hints: HintHub;
	readonly traffic: TrafficSource;
	/** What hosts measured since this relay started, for Prometheus. */
	readonly requestMetrics: RequestMetrics;
	/** Opens the secrets that a host's instances name. */
	readonly secretKeys: SecretKeys;
	/** What instances write, as their hosts tell it. */
	readonly instanceLogs: InstanceLogWriter;
	/** `127.0.0.1:port` */
	readonly registry: string;
	readonly log: Log;
}

/** One request of a host whose certificate was accepted. */
export interface HostRequest {
	readonly host: string;
	/** Serial of the certificate it came with. */
	readonly serial: string;
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
}
