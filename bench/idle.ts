/**
 * What an installation takes that does nothing: proportional memory of each component with all that it started, shared
 * pages counted once. Read when it has settled. Keeps its promise when every agent stays within its 90 MB.
 */

import { type Memory, settled } from "./support/memory";
import { openBench } from "./support/sluice";
import { formatTable } from "./support/table";

const agentLimitBytes = 90e6;

export async function benchIdle(): Promise<boolean> {
	const bench = await openBench();
	try {
		const memory = await settled(bench);
		process.stdout.write(`${formatTable(["component", "memory"], rowsOf(memory))}\n\n`);
		for (const [name, bytes] of sums(memory)) process.stdout.write(`${name}: ${megabytes(bytes)}\n`);
		const agents = memory.filter(({ component }) => component.endsWith("-agent"));
		if (agents.length === 0) throw new Error("The bench's installation shows no agent.");
		for (const { component, bytes } of agents) {
			const verdict = bytes <= agentLimitBytes ? "met" : "not met";
			process.stdout.write(`${component}: ${megabytes(bytes)}, target ${megabytes(agentLimitBytes)}: ${verdict}\n`);
		}
		return agents.every(({ bytes }) => bytes <= agentLimitBytes);
	} finally {
		await bench.close();
	}
}

function rowsOf(memory: readonly Memory[]): string[][] {
	return [...memory].sort((a, b) => b.bytes - a.bytes).map(({ component, bytes }) => [component, megabytes(bytes)]);
}

/** A test host's own engine stands for the one that a real host has anyway, so it is told apart. */
function sums(memory: readonly Memory[]): [string, number][] {
	const isEngine = (name: string) => name.endsWith("-dockerd");
	const hosts = [...new Set(memory.flatMap(({ component }) => /^(.+)-agent$/.exec(component)?.[1] ?? []))].sort();
	const isOfHost = (name: string) => hosts.some((host) => name.startsWith(`${host}-`)) || name.startsWith("host-");
	const sum = (is: (name: string) => boolean) =>
		memory.filter(({ component }) => is(component)).reduce((total, { bytes }) => total + bytes, 0);
	return [
		...hosts.map((host): [string, number] => [
			`agent + Envoys of ${host}`,
			sum((name) => name.startsWith(`${host}-`) && !isEngine(name)),
		]),
		["control plane", sum((name) => !isOfHost(name))],
		["supervisors of hosts", sum((name) => name.startsWith("host-"))],
		["engines of test hosts", sum(isEngine)],
		["everything", sum(() => true)],
	];
}

function megabytes(bytes: number): string {
	return `${Math.round(bytes / 1e6)} MB`;
}
