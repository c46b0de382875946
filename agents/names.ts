import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Log } from "@/adapters/log/log";
import { internalName } from "@/domain/names";
import type { Snapshot } from "@/domain/traffic/model";

const program = "/usr/sbin/dnsmasq";
const againAfterMs = 200;

/**
 * `<service>.internal` in each environment: one dnsmasq on each environment's bridge, in a session of its own, so names
 * go on being answered while the agent is away. It sees new files of its folder by itself; a changed or removed one is
 * told with SIGHUP. One that ends is started again: at once when it is our own, else at the next `serve`.
 */
export class Names {
	/** Environment -> its bridge's address. */
	readonly #served = new Map<string, string>();
	readonly #children = new Map<string, ChildProcess>();
	#snapshot: Snapshot | null = null;
	#isStopped = false;

	constructor(
		private readonly directory: string,
		private readonly log: Log,
		/** Marks a name server as the installation's, so that `sluice down` ends it; null = nobody supervises the agent. */
		private readonly markerOf: (environment: string) => string | null = ownMarker,
	) {}

	/** Makes sure that the names of an environment are answered at its bridge. Cheap when they are. */
	serve(environment: string, gateway: string): void {
		mkdirSync(`${this.#folder(environment)}/hosts`, { recursive: true });
		if (!this.#served.has(environment)) this.#write(environment);
		this.#served.set(environment, gateway);
		if (this.#children.has(environment) || isRunning(this.#pidFile(environment), gateway)) return;
		this.#start(environment, gateway);
	}

	#start(environment: string, gateway: string): void {
		const pidFile = this.#pidFile(environment);
		// One that listens at an address that the bridge no longer has.
		const old = pidOf(pidFile);
		if (old !== null) process.kill(old, "SIGTERM");
		const child = spawn(program, optionsOf(this.#folder(environment), pidFile, gateway), {
			detached: true,
			stdio: "ignore",
			env: environmentOf(this.markerOf(environment)),
		});
		this.#children.set(environment, child);
		const ended = (problem: string) => {
			if (this.#children.get(environment) !== child) return;
			this.#children.delete(environment);
			if (this.#isStopped) return;
			this.log.warn({ environment, problem }, "the environment's name server ended");
			setTimeout(() => {
				const at = this.#served.get(environment);
				if (at !== undefined && !this.#isStopped) this.serve(environment, at);
			}, againAfterMs).unref();
		};
		child.once("error", (error) => ended(`${program} does not start: ${error.message}`));
		child.once("exit", (code, signal) => ended(signal ?? `exit code ${code}`));
		child.unref();
	}

	apply(snapshot: Snapshot): void {
		this.#snapshot = snapshot;
		for (const environment of this.#served.keys()) this.#write(environment);
	}

	/** Forgets the name servers; they go on. */
	stop(): void {
		this.#isStopped = true;
	}

	#folder(environment: string): string {
		return `${this.directory}/${environment}`;
	}

	#pidFile(environment: string): string {
		return `${this.#folder(environment)}/dnsmasq.pid`;
	}

	/** One file a service, so that a change touches nothing else. */
	#write(environment: string): void {
		if (!this.#snapshot) return;
		const folder = `${this.#folder(environment)}/hosts`;
		const wanted = new Map(
			this.#snapshot.services
				.filter((traffic) => traffic.environment === environment)
				.map((traffic) => [traffic.service, `${traffic.virtualAddress} ${internalName(traffic.service)}\n`]),
		);
		let needsReload = false;
		for (const known of readdirSync(folder)) {
			if (wanted.has(known)) continue;
			rmSync(`${folder}/${known}`);
			needsReload = true;
		}
		for (const [service, line] of wanted) {
			const file = `${folder}/${service}`;
			const before = existsSync(file) ? readFileSync(file, "utf8") : null;
			if (before === line) continue;
			writeFileSync(file, line);
			needsReload = needsReload || before !== null;
		}
		if (needsReload) reload(this.#pidFile(environment));
	}
}

function optionsOf(folder: string, pidFile: string, gateway: string): string[] {
	return [
		...["--keep-in-foreground", "--conf-file=/dev/null", "--bind-interfaces", `--listen-address=${gateway}`, "--no-hosts"],
		...["--local=/internal/", "--domain-needed", "--bogus-priv", "--local-ttl=2", "--user=root"],
		...[`--hostsdir=${folder}/hosts`, `--pid-file=${pidFile}`, "--log-facility=-"],
	];
}

const markerVariable = "SLUICE_COMPONENT";

/** The agent's own marker with another name: with the agent's, the next supervisor would take it for the agent. */
function ownMarker(environment: string): string | null {
	const { [markerVariable]: own } = process.env;
	return own === undefined ? null : namesMarker(own, environment);
}

export function namesMarker(agentMarker: string, environment: string): string {
	return `${agentMarker.slice(0, agentMarker.lastIndexOf("#")).replace(/agent$/, "names")}-${environment}#`;
}

/** Nothing of the agent's environment but the way to programs. */
function environmentOf(marker: string | null): NodeJS.ProcessEnv {
	const { PATH, NODE_ENV } = process.env;
	return { NODE_ENV, PATH, ...(marker === null ? {} : { [markerVariable]: marker }) };
}

function pidOf(pidFile: string): number | null {
	try {
		const pid = Number(readFileSync(pidFile, "utf8").trim());
		const isDnsmasq = readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "dnsmasq";
		// After a reboot the number may be of another one: the pid file is among its own arguments.
		return isDnsmasq && argumentsOf(pid).includes(`--pid-file=${pidFile}`) ? pid : null;
	} catch {
		return null;
	}
}

function argumentsOf(pid: number): string[] {
	return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
}

function isRunning(pidFile: string, gateway: string): boolean {
	const pid = pidOf(pidFile);
	return pid !== null && argumentsOf(pid).includes(`--listen-address=${gateway}`);
}

function reload(pidFile: string): void {
	const pid = pidOf(pidFile);
	if (pid !== null) process.kill(pid, "SIGHUP");
}
