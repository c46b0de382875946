import { existsSync, readdirSync, readFileSync } from "node:fs";
import { command, tryCommand } from "@/platform/command";
import { mounts } from "@/platform/remains";
import { allPids, markerOf } from "@/platform/supervisor/process";

export type Traces = Readonly<Record<string, readonly string[]>>;

const folders = ["/etc", "/usr/local", "/run", "/var/lib", "/sys/fs/cgroup"];

/**
 * What on this machine names one of these words (an installation's id, its home, its subnet), by kind: looked for where the
 * machine keeps it, and not by what `uninstall` itself knows to look for.
 */
export async function tracesOf(words: readonly string[]): Promise<Traces> {
	const named = (lines: readonly string[]) => lines.filter((line) => words.some((word) => line.includes(word)));
	const lines = async (...argv: string[]) => (await command(argv.join(" "), argv)).split("\n");
	const docker = async (...argv: string[]) => named(await lines("docker", ...argv));
	return {
		containers: await docker("ps", "--all", "--no-trunc", "--format", "{{.Names}} {{.Labels}}"),
		networks: await docker("network", "ls", "--no-trunc", "--format", "{{.Name}} {{.Labels}}"),
		volumes: await docker("volume", "ls", "--format", "{{.Name}} {{.Labels}}"),
		namespaces: named(existsSync("/run/netns") ? readdirSync("/run/netns") : []),
		interfaces: named(await lines("ip", "-o", "address", "show")),
		routes: named(await lines("ip", "route", "show", "table", "all")),
		rules: named((await tryCommand(["iptables-save"])).stdout.split("\n")),
		mounts: named(mounts()),
		processes: named(allPids().map((pid) => `${pid} ${commandLineOf(pid)} ${markerOf(pid) ?? ""}`)),
		files: named((await tryCommand(["find", ...folders, "-xdev"])).stdout.split("\n")),
	};
}

function commandLineOf(pid: number): string {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
	} catch {
		// Ended meanwhile.
		return "";
	}
}
