import { readServers } from "@/adapters/installation/servers";
import type { Installation } from "@/domain/installation";
import { hostSupervisorName, machineHost } from "./host";
import { findInstallation } from "./installation";
import { joinedElsewhere } from "./joined";
import { askServers } from "./servers";
import { isSupervised, readStatus } from "./supervisor/control";
import { isAlive, memoryOf } from "./supervisor/process";
import type { ComponentPhase, ProcessId, SupervisorStatus } from "./supervisor/spec";

export interface ComponentLine {
	readonly component: string;
	/**
	 * `lost` = its supervisor does not run, or the process is gone and nobody noticed yet; `absent` = its program could
	 * not be fetched, and all else works without it.
	 */
	readonly state: ComponentPhase | "lost" | "absent";
	readonly pid: number | null;
	/** Proportional memory of the process and its children, in bytes. */
	readonly memoryBytes: number | null;
	readonly restarts: number;
	/** Milliseconds since 1970. */
	readonly since: number;
}

/** Every component of an installation as its supervisors see it; null when there is no installation. */
export function statusOf(home: string): ComponentLine[] | null {
	const installation = findInstallation(home);
	const joined = joinedElsewhere(home).map(({ name }) => name);
	if (installation === null && joined.length === 0) return null;
	const names = [...(installation === null ? [] : namesOf(installation)), ...joined.map((name) => hostSupervisorName({ name }))];
	const statuses = names.map((name) => ({ name, status: readStatus(home, name) }));
	const isOwn = (name: string) => !joined.some((one) => hostSupervisorName({ name: one }) === name);
	const memory = memoryOf(statuses.flatMap(({ status }) => processesOf(status)));
	return statuses.flatMap(({ name, status }) => linesOf(name, status, memory, isOwn(name)));
}

function namesOf(installation: Installation): string[] {
	const hosts = installation.fleet.length > 0 ? installation.fleet : [machineHost("").name];
	return ["installation", ...hosts.map((name) => hostSupervisorName({ name }))];
}

/** Servers of the user's own have no process of ours: they are asked. */
export async function ownServerLines(home: string): Promise<ComponentLine[]> {
	return (await askServers(readServers(home))).map(({ name, problem }) => ({
		component: `${name} (your own)`,
		state: problem === null ? "ready" : "lost",
		pid: null,
		memoryBytes: null,
		restarts: 0,
		since: 0,
	}));
}

function processesOf(status: SupervisorStatus | null): ProcessId[] {
	const all = status === null ? [] : [status.supervisor, ...status.components.map((one) => one.process)];
	return all.filter((id) => id !== null && isAlive(id)) as ProcessId[];
}

function linesOf(
	supervisor: string,
	status: SupervisorStatus | null,
	memory: ReadonlyMap<number, number>,
	isOwn: boolean,
): ComponentLine[] {
	const supervised = isSupervised(status);
	const components = (status?.components ?? []).map((one): ComponentLine => {
		const pid = one.process !== null && isAlive(one.process) ? one.process.pid : null;
		const isWell = one.process === null || pid !== null;
		return {
			component: one.name,
			state: supervised && isWell ? one.phase : pid === null ? "stopped" : "lost",
			pid,
			memoryBytes: pid === null ? null : (memory.get(pid) ?? null),
			restarts: one.restarts,
			since: one.since,
		};
	});
	// A host's supervisor is a component of the installation's and has its line there, unless no installation is here.
	if (supervisor !== "installation" && isOwn) return components;
	const lines = [supervisorLine(supervised ? status : null, memory), ...components];
	const isWhole = supervisor !== "installation" || components.some(({ component }) => component === "portal");
	if (!isWhole) return [...lines, controlPlaneDown];
	const hasCharts = supervisor !== "installation" || components.some(({ component }) => component === "prometheus");
	return hasCharts ? lines : [...lines, chartsAbsent];
}

/** Fetched again at the next `up`. */
const chartsAbsent: ComponentLine = {
	...{ component: "prometheus", state: "absent", pid: null, memoryBytes: null },
	...{ restarts: 0, since: 0 },
};

/** After `down --keep-traffic` its components are in no supervisor's list. */
const controlPlaneDown: ComponentLine = {
	...{ component: "control plane", state: "stopped", pid: null, memoryBytes: null },
	...{ restarts: 0, since: 0 },
};

function supervisorLine(status: SupervisorStatus | null, memory: ReadonlyMap<number, number>): ComponentLine {
	const pid = status?.supervisor.pid ?? null;
	return {
		component: "supervisor",
		state: status === null ? "stopped" : "ready",
		pid,
		memoryBytes: pid === null ? null : (memory.get(pid) ?? null),
		restarts: 0,
		since: 0,
	};
}

export function isWell(line: ComponentLine): boolean {
	return line.state === "ready" || line.state === "done" || line.state === "absent";
}
