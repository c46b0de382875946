import { readdirSync, readFileSync } from "node:fs";
import type { ProcessId } from "./spec";

/** In the environment of every component: finds what an earlier supervisor started and had no time to record. */
export const markerVariable = "SLUICE_COMPONENT";

interface ProcessStat {
	readonly state: string;
	readonly parent: number;
	readonly session: number;
	readonly startTicks: number;
}

/** Fields of /proc/<pid>/stat; the name in brackets may itself hold spaces and brackets. */
export function parseStat(text: string): ProcessStat | null {
	const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
	const [state, parent, , session] = fields;
	const startTicks = Number(fields[19]);
	return state === undefined || Number.isNaN(startTicks)
		? null
		: { state, parent: Number(parent), session: Number(session), startTicks };
}

function statOf(pid: number): ProcessStat | null {
	try {
		return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
	} catch {
		return null;
	}
}

/** Names the process that has this pid now; null when there is none. */
export function identify(pid: number): ProcessId | null {
	const stat = statOf(pid);
	return stat === null || stat.state === "Z" || stat.state === "X" ? null : { pid, startTicks: stat.startTicks };
}

export function isAlive(id: ProcessId): boolean {
	return identify(id.pid)?.startTicks === id.startTicks;
}

/** Signals exactly this process, or its whole session's group; a process that is gone is no error. */
export function signal(id: ProcessId, name: NodeJS.Signals, whole: boolean): void {
	if (!isAlive(id)) return;
	try {
		process.kill(whole ? -id.pid : id.pid, name);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
	}
}

export function allPids(): number[] {
	return readdirSync("/proc")
		.map(Number)
		.filter((pid) => Number.isInteger(pid) && pid > 0);
}

/** What an earlier supervisor started, by `<home>:<component>`. */
export interface MarkedProcess {
	readonly process: ProcessId;
	readonly fingerprint: string;
}

/** Session leaders of a home that carry the marker `<home>:<component>#<fingerprint>`. */
export function findMarked(home: string): Map<string, MarkedProcess> {
	const found = new Map<string, MarkedProcess>();
	for (const pid of allPids()) {
		if (statOf(pid)?.session !== pid) continue;
		const marker = markerOf(pid);
		const id = marker?.startsWith(`${home}:`) ? identify(pid) : null;
		if (!marker || !id) continue;
		const split = marker.lastIndexOf("#");
		found.set(marker.slice(0, split), { process: id, fingerprint: marker.slice(split + 1) });
	}
	return found;
}

export function markerOf(pid: number): string | null {
	try {
		const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
		return variables.find((line) => line.startsWith(`${markerVariable}=`))?.slice(markerVariable.length + 1) ?? null;
	} catch {
		return null;
	}
}

/**
 * Proportional memory of processes with all that they started, in bytes: shared pages count once. One that is started by
 * another of them counts for itself only.
 */
export function memoryOf(ids: readonly ProcessId[]): Map<number, number> {
	const roots = new Set(ids.map((id) => id.pid));
	const parents = new Map(allPids().map((pid) => [pid, statOf(pid)?.parent ?? 0]));
	const rootOf = (pid: number): number | null => {
		if (roots.has(pid)) return pid;
		const parent = parents.get(pid);
		return parent ? rootOf(parent) : null;
	};
	const sums = new Map<number, number>();
	for (const pid of parents.keys()) {
		const root = rootOf(pid);
		if (root !== null) sums.set(root, (sums.get(root) ?? 0) + proportionalBytes(pid));
	}
	return sums;
}

function proportionalBytes(pid: number): number {
	try {
		const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
		return Number(kilobytes ?? 0) * 1024;
	} catch {
		return 0;
	}
}
