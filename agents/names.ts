import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Log } from "@/adapters/log/log";
import { internalName } from "@/domain/names";
import type { Snapshot } from "@/domain/traffic/model";

const program = "/usr/sbin/dnsmasq";

/**
 * `<service>.internal` in each environment: one dnsmasq on each environment's bridge, in a session of its own, so names
 * go on being answered while the agent is away. It sees new files of its folder by itself; a changed or removed one is
 * told with SIGHUP.
 */
export class Names {
	readonly #served = new Set<string>();
	#snapshot: Snapshot | null = null;

	constructor(
		private readonly directory: string,
		private readonly log: Log,
	) {}

	/** Makes sure that the names of an environment are answered at its bridge. */
	serve(environment: string, gateway: string): void {
		const folder = `${this.directory}/${environment}`;
		mkdirSync(`${folder}/hosts`, { recursive: true });
		this.#served.add(environment);
		this.#write(environment);
		const pidFile = `${folder}/dnsmasq.pid`;
		if (isRunning(pidFile)) return;
		const options = [
			...["--keep-in-foreground", "--conf-file=/dev/null", "--bind-interfaces", `--listen-address=${gateway}`, "--no-hosts"],
			...["--local=/internal/", "--domain-needed", "--bogus-priv", "--local-ttl=2", "--user=root"],
			...[`--hostsdir=${folder}/hosts`, `--pid-file=${pidFile}`, "--log-facility=-"],
		];
		const child = spawn(program, options, { detached: true, stdio: "ignore" });
		child.on("error", (error) => this.log.error({ error: error.message }, `names cannot be answered: ${program} does not start`));
		child.on("exit", (code) => {
			if (code !== 0) this.log.warn({ environment, code }, "the environment's name server ended");
		});
		child.unref();
	}

	apply(snapshot: Snapshot): void {
		this.#snapshot = snapshot;
		for (const environment of this.#served) this.#write(environment);
	}

	/** One file a service, so that a change touches nothing else. */
	#write(environment: string): void {
		if (!this.#snapshot) return;
		const folder = `${this.directory}/${environment}/hosts`;
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
		if (needsReload) reload(`${this.directory}/${environment}/dnsmasq.pid`);
	}
}

function pidOf(pidFile: string): number | null {
	try {
		const pid = Number(readFileSync(pidFile, "utf8").trim());
		const isDnsmasq = readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "dnsmasq";
		// After a reboot the number may be of another one: the pid file is among its own arguments.
		return isDnsmasq && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(pidFile) ? pid : null;
	} catch {
		return null;
	}
}

function isRunning(pidFile: string): boolean {
	return pidOf(pidFile) !== null;
}

function reload(pidFile: string): void {
	const pid = pidOf(pidFile);
	if (pid !== null) process.kill(pid, "SIGHUP");
}
