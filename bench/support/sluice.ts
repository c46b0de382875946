import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readInstallation } from "@/adapters/installation/read";
import { benchPortBase, type Installation, portOf } from "@/domain/installation";
import type { HostRow } from "@/server/views";

const checkout = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const home = `${checkout}/.sluice-bench`;
/** Two checkouts of one machine must not meet. */
const portBase = Number(process.env.SLUICE_BENCH_PORT_BASE ?? benchPortBase);

/** The bench's own installation with two test hosts, used only through the `sluice` command, as a user would. */
export interface Bench {
	readonly home: string;
	readonly installation: Installation;
	/** Runs `./sluice <words>` and returns its standard output. Throws with the last lines of its errors. */
	sluice(...words: string[]): Promise<string>;
	/** The gateway Envoy of the first host that has one. */
	gateway(): Promise<{ address: string; port: number }>;
	close(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
	await sluice("up", "--fleet", "2", "--port-base", String(portBase));
	return {
		home,
		installation: readInstallation(home),
		sluice,
		gateway: async () => {
			const hosts = JSON.parse(await sluice("host", "list", "--output", "json")) as HostRow[];
			const host = hosts.find((row) => row.roles.includes("gateway"));
			if (!host) throw new Error("no host of the bench's installation is a gateway");
			return { address: host.address, port: portOf(portBase, "gateway") };
		},
		close: async () => {
			await sluice("down");
		},
	};
}

function sluice(...words: string[]): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = spawn(`${checkout}/sluice`, words, {
			cwd: checkout,
			env: { ...process.env, SLUICE_HOME: home, SLUICE_PORT_BASE: String(portBase) },
			stdio: ["ignore", "pipe", "pipe"],
		});
		let output = "";
		let errors = "";
		child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
			output += chunk;
		});
		child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
			errors = (errors + chunk).slice(-4_000);
		});
		child.on("error", reject);
		child.on("close", (code) =>
			code === 0 ? resolve(output) : reject(new Error(`sluice ${words.join(" ")} ended with ${code}:\n${errors}`)),
		);
	});
}
