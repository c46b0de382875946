import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { engineApi } from "@/platform/docker-engine";
import { namespaceFile } from "@/platform/fleet/network";
import { checkout } from "@/platform/setup";
import { until } from "@/platform/wait";
import { installationId } from "./installation";

const run = promisify(execFile);

/** Outside the fleet's subnet, and of nobody else: two test runs on one machine differ by their installation's ids. */
function subnetOf(id: string): string {
	const sum = [...id].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 250, 3);
	return `10.79.${sum}`;
}

/**
 * A machine of its own as far as this one can make it: a network behind a router, an engine, and a home where no
 * control plane is. Only its network is a namespace; nothing of Sluice is started in it but by `sluice host join`.
 */
export class Machine {
	readonly address: string;
	/** Where it reaches the control plane. */
	readonly router: string;
	readonly home = mkdtempSync(`${tmpdir()}/sluice-machine-`);
	private readonly namespace: string;
	private readonly veth: string;
	private readonly folder: string;

	constructor(readonly name: string) {
		const id = installationId();
		const subnet = subnetOf(id);
		this.router = `${subnet}.1`;
		this.address = `${subnet}.2`;
		this.namespace = `sluice-${id}-${name}`;
		this.veth = `sv${id}${name}`;
		this.folder = `/var/lib/sluice/${id}/${name}`;
	}

	get dockerSocket(): string {
		return `${this.folder}/docker.sock`;
	}

	async make(): Promise<void> {
		const { namespace, veth } = this;
		this.isMade = true;
		const ip = (...argv: string[]) => run("ip", argv);
		await ip("netns", "add", namespace);
		await ip("link", "add", veth, "type", "veth", "peer", "name", "eth0", "netns", namespace);
		await ip("address", "add", `${this.router}/24`, "dev", veth);
		await ip("link", "set", veth, "up");
		await ip("-n", namespace, "address", "add", `${this.address}/24`, "dev", "eth0");
		for (const device of ["eth0", "lo"]) await ip("-n", namespace, "link", "set", device, "up");
		await ip("-n", namespace, "route", "add", "default", "via", this.router);
		for (const side of ["-i", "-o"]) await run("iptables", ["-w", "-I", "DOCKER-USER", side, veth, "-j", "ACCEPT"]);
		mkdirSync(this.folder, { recursive: true });
		const dockerd = ["dockerd", "--live-restore", "--data-root", `${this.folder}/data`, "--exec-root", `${this.folder}/exec`];
		const argv = [...this.inside(...dockerd), "--pidfile", this.pidFile, "--host", `unix://${this.dockerSocket}`];
		const [program = "", ...rest] = argv;
		this.engine = spawn(program, rest, { detached: true, stdio: "ignore" });
		await until("the machine's engine answers", 30_000, async () => (await engineApi(this.dockerSocket)) !== null);
	}

	private isMade = false;
	private engine: ReturnType<typeof spawn> | null = null;

	private get pidFile(): string {
		return `${this.folder}/dockerd.pid`;
	}

	private inside(...argv: string[]): string[] {
		return ["nsenter", `--net=${namespaceFile(this.namespace)}`, ...argv];
	}

	/** Typed on the machine. Rejects with what it said when it fails. */
	async sluice(...argv: string[]): Promise<string> {
		const [program = "", ...rest] = this.inside(`${checkout}/sluice`, ...argv);
		const { stderr } = await run(program, rest, { env: { ...process.env, SLUICE_HOME: this.home } });
		return stderr;
	}

	tokenFile(token: string): string {
		const file = `${this.home}/token`;
		writeFileSync(file, token, { mode: 0o600 });
		return file;
	}

	/** With all that runs on it, whatever became of it; nothing when it was never made. */
	async remove(): Promise<void> {
		if (!this.isMade) return;
		await this.sluice("down").catch(() => undefined);
		const { engine } = this;
		if (engine !== null && engine.exitCode === null) {
			const ended = new Promise((resolve) => engine.once("exit", resolve));
			engine.kill("SIGTERM");
			await ended;
		}
		for (const side of ["-i", "-o"]) await run("iptables", ["-w", "-D", "DOCKER-USER", side, this.veth, "-j", "ACCEPT"]);
		await run("ip", ["link", "del", this.veth]);
		await run("ip", ["netns", "del", this.namespace]);
		for (const folder of [this.home, this.folder]) rmSync(folder, { recursive: true, force: true });
	}
}
