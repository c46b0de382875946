import { hostSupervisorName, machineHost } from "./host";
import { findInstallation } from "./installation";
import { isSupervised, readStatus } from "./supervisor/control";
import { isAlive, memoryOf } from "./supervisor/process";
import type { ComponentPhase } from "./supervisor/spec";

export interface ComponentLine {
	readonly component: string;
	/** `lost` = its supervisor does not run, or the process is gone and nobody noticed yet. */
	readonly state: ComponentPhase | "lost";
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
	if (installation === null) return null;
	const hosts = installation.fleet.length > 0 ? installation.fleet : [machineHost("").name];
	const supervisors = ["installation", ...hosts.map((name) => hostSupervisorName({ name }))];
	return supervisors.flatMap((name) => linesOf(home, name));
}

function linesOf(home: string, supervisor: string): ComponentLine[] {
	const status = readStatus(home, supervisor);
	const supervised = isSupervised(status);
	const self: ComponentLine = {
		component: supervisor === "installation" ? "supervisor" : `${supervisor}-supervisor`,
		state: supervised ? "ready" : "stopped",
		pid: supervised ? status.supervisor.pid : null,
		memoryBytes: supervised ? memoryOf(status.supervisor) : null,
		restarts: 0,
		since: 0,
	};
	const components = (status?.components ?? []).map((one): ComponentLine => {
		const alive = one.process !== null && isAlive(one.process);
		const isWell = one.process === null || alive;
		return {
			component: one.name,
			state: supervised && isWell ? one.phase : alive ? "lost" : "stopped",
			pid: alive ? (one.process?.pid ?? null) : null,
			memoryBytes: one.process && alive ? memoryOf(one.process) : null,
			restarts: one.restarts,
			since: one.since,
		};
	});
	return [self, ...components];
}

export function isWell(line: ComponentLine): boolean {
	return line.state === "ready" || line.state === "done";
}
