/** Where everything of one installation is: pure path and port arithmetic, used by every process. */
export interface Installation {
	/** 6 lower-case letters and digits, made once at the first `up`. */
	readonly id: string;
	readonly portBase: number;
	/** The gateway's domain; `<service>.<domain>`. */
	readonly domain: string;
	/** Names of test hosts made by `up --fleet N`; empty = the local engine is the only host. */
	readonly fleet: readonly string[];
	/** Addresses of this machine at which hosts elsewhere reach the relay; none at first. */
	readonly relayAddresses?: readonly string[];
}

/** The host that `up` makes of its own machine. */
export const ownHostName = "local";

export const defaultPortBase = 7400;
/** `sluice test` and `sluice bench` have homes and ports of their own, so they run beside a running `up`. */
export const testPortBase = 17400;
export const benchPortBase = 18400;

const offsets = {
	portal: 0,
	relay: 1,
	git: 2,
	registry: 3,
	postgres: 4,
	temporal: 5,
	temporalUi: 6,
	/** The gateway Envoy, on the host's own address. */
	gateway: 7,
	/** The agent's pull forwarder, on its own 127.0.0.1. */
	forwarder: 8,
	prometheus: 9,
	/** What the relay shows to Prometheus, on 127.0.0.1. */
	metrics: 10,
} as const;

export type PortName = keyof typeof offsets;

export function portOf(base: number, name: PortName): number {
	return base + offsets[name];
}

export function pathsOf(home: string) {
	return {
		home,
		installation: `${home}/installation.json`,
		logs: `${home}/logs`,
		/** What instances wrote: `<service>/<environment>/<instance>/<segment>`. */
		instanceLogs: `${home}/logs/instances`,
		run: `${home}/run`,
		secrets: `${home}/secrets`,
		databasePassword: `${home}/secrets/database-password`,
		authSecret: `${home}/secrets/auth-secret`,
		/** First administrator: JSON {email, password}. */
		administrator: `${home}/secrets/administrator.json`,
		/** API token of the first administrator, used by the CLI. */
		apiToken: `${home}/secrets/api-token`,
		/** Servers of the user's own: adapters/installation/servers.ts. */
		servers: `${home}/secrets/servers.json`,
		/** Encrypts the secrets of services; without it they cannot be read. */
		configKey: `${home}/secrets/config-key`,
		/** What the audit chain's hashes are made with; without it nobody can say that the trail is whole. */
		auditKey: `${home}/secrets/audit-key`,
		/** Signs the chain's checkpoints. */
		auditCheckpointKey: `${home}/secrets/audit-checkpoint-key.pem`,
		/** The chain's head over time, outside the database. */
		auditCheckpoints: `${home}/audit/checkpoints.jsonl`,
		caKey: `${home}/secrets/ca-key.pem`,
		caCertificate: `${home}/secrets/ca.pem`,
		relayKey: `${home}/secrets/relay-key.pem`,
		relayCertificate: `${home}/secrets/relay.pem`,
		repositories: `${home}/git`,
		registry: `${home}/registry`,
		temporal: `${home}/temporal.db`,
		builds: `${home}/builds`,
		hosts: `${home}/hosts`,
	} as const;
}

/** The folder of one host's agent and Envoy: certificates, desired document, snapshot, cursors. */
export function hostDirectory(home: string, host: string): string {
	return `${home}/hosts/${host}`;
}

/**
 * What cannot be in the home: Postgres' files, since its user must be able to enter every parent folder, and the
 * images of test hosts, since a home may be in a checkout, whose tools would walk through all their files and links.
 */
export function machineDirectory(installation: string): string {
	return `/var/lib/sluice/${installation}`;
}

/** Unix sockets live here, not in the home: a socket's path has at most 107 bytes. */
export function socketDirectory(installation: string, host: string): string {
	return `${socketRoot(installation)}/${host}`;
}

/** Of all hosts of the installation on this machine. */
export function socketRoot(installation: string): string {
	return `/run/sluice/${installation}`;
}
