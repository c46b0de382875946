/** What a supervisor keeps running: plain data in a file, so that a new supervisor needs nothing else. Holds no secret. */
export interface SupervisorSpec {
	/** `installation`, or `host-<name>`. */
	readonly name: string;
	/** The installation's home: logs, records and readiness files are under it. */
	readonly home: string;
	/** A hash of the supervisor's own sources: a supervisor of other sources is replaced, and the new one adopts. */
	readonly program: string;
	/** Held while the supervisor lives, so that there is one; see platform/lock.ts. */
	readonly locks: readonly string[];
	readonly components: readonly ComponentSpec[];
}

export interface ComponentSpec {
	readonly name: string;
	/** `service` is restarted when it ends; `task` runs to its end once, and again when its fingerprint changes. */
	readonly kind: "service" | "task";
	readonly argv: readonly string[];
	readonly cwd: string;
	/** Set besides the inherited ones; never a secret. */
	readonly env: Readonly<Record<string, string>>;
	/** Names of variables that may hold secrets: handed on from the supervisor's own environment, not written here. */
	readonly inherit: readonly string[];
	readonly user: { readonly uid: number; readonly gid: number } | null;
	/** Started when these are ready (tasks: done). */
	readonly after: readonly string[];
	/** At the end it is stopped only when these are; components that depend on it are always stopped before it. */
	readonly outlives: readonly string[];
	readonly ready: Readiness;
	/** Removed before each start: a pid file of a killed process can name a zombie and hold the next one up. */
	readonly staleFiles: readonly string[];
	readonly stop: { readonly signal: "SIGTERM" | "SIGINT" | "SIGQUIT"; readonly deadlineMs: number };
	/** Done before `stop` when it is replaced. One that is dropped, or at the end of everything, ends at once. */
	readonly drain: Drain | null;
	/** Of these at most one is away on purpose: it is replaced only while all the others are ready. */
	readonly takesTurnsWith: readonly string[];
	/** When it differs from what runs, the component is restarted: version, sources, configuration. */
	readonly fingerprint: string;
	/** Nobody waits for it: all else does its work without it. */
	readonly isOptional?: boolean;
}

export type Readiness =
	/** Our own processes announce themselves: adapters/installation/ready.ts. */
	| { readonly kind: "announced"; readonly component: string }
	| { readonly kind: "tcp"; readonly port: number }
	| { readonly kind: "http"; readonly url: string }
	/** A Docker Engine: it accepts connections long before it answers. */
	| { readonly kind: "engine"; readonly socket: string }
	/** An Envoy that has been fed and listens, by its admin socket. */
	| { readonly kind: "envoy"; readonly socket: string }
	| { readonly kind: "running" };

/** See drain.ts. */
export interface Drain {
	readonly kind: "envoy";
	/** Of its admin. */
	readonly socket: string;
	/** Another one listens on the same sockets. */
	readonly hasPeer: boolean;
	readonly deadlineMs: number;
}

/** What is written to `run/<supervisor>.status.json` on each change; `status` reads it. */
export interface SupervisorStatus {
	readonly supervisor: ProcessId;
	readonly components: readonly ComponentStatus[];
	/** Of the sources that this supervisor was started from. */
	readonly program: string;
	/** The spec file's fingerprint that this status answers. */
	readonly spec: string;
}

export type ComponentPhase = "waiting" | "starting" | "ready" | "done" | "backing-off" | "stopping" | "stopped";

export interface ComponentStatus {
	readonly name: string;
	readonly kind: "service" | "task";
	readonly phase: ComponentPhase;
	readonly process: ProcessId | null;
	readonly restarts: number;
	/** Ends in a row without becoming ready since; 0 = well. */
	readonly failures: number;
	readonly lastExit: string | null;
	/** Milliseconds since 1970. */
	readonly since: number;
}

/** A pid alone may be reused: with the start time of /proc/<pid>/stat (clock ticks since boot) it names one process. */
export interface ProcessId {
	readonly pid: number;
	readonly startTicks: number;
}

export function statusFile(home: string, supervisor: string): string {
	return `${home}/run/${supervisor}.status.json`;
}

export function specFile(home: string, supervisor: string): string {
	return `${home}/run/${supervisor}.spec.json`;
}

/** The installation's components are plainly named; a host's carry its name. */
export function componentKey(supervisor: string, component: string): string {
	return supervisor === "installation" ? component : `${supervisor.replace(/^host-/, "")}-${component}`;
}
