import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { AppError } from "@/domain/errors";
import { readJson, writeAtomically } from "../atomic-file";
import { fingerprintOf, fingerprintOfSources } from "../fingerprint";
import { ownProgram } from "../setup";
import { until } from "../wait";
import { isAlive, signal } from "./process";
import { type ComponentStatus, type SupervisorSpec, type SupervisorStatus, specFile, statusFile } from "./spec";

/** The status as last written; null when that supervisor never ran. */
export function readStatus(home: string, supervisor: string): SupervisorStatus | null {
	return readJson<SupervisorStatus>(statusFile(home, supervisor));
}

export function isSupervised(status: SupervisorStatus | null): status is SupervisorStatus {
	return status !== null && isAlive(status.supervisor);
}

export function supervisorSources(root: string): string {
	return fingerprintOfSources(root, ["platform/supervisor", "platform/lock.ts"]);
}

/**
 * Writes what should run and tells the supervisor. Answers whether one lives: one of older sources is ended on the
 * spot, which ends nothing else, and whoever starts it brings the new one.
 */
export function writeSpec(spec: SupervisorSpec): boolean {
	writeAtomically(specFile(spec.home, spec.name), `${JSON.stringify(spec, null, "\t")}\n`, 0o600);
	const status = readStatus(spec.home, spec.name);
	if (!isSupervised(status)) return false;
	if (status.program !== spec.program) {
		signal(status.supervisor, "SIGKILL", false);
		return false;
	}
	signal(status.supervisor, "SIGHUP", false);
	return true;
}

/** Like `writeSpec`, and starts a supervisor in a session of its own when none lives. */
export function applySpec(root: string, spec: SupervisorSpec): void {
	if (!writeSpec(spec)) startSupervisor(root, spec);
}

/** Its argv, for those that are started by another supervisor. */
export function supervisorProgram(root: string, home: string, name: string): string[] {
	return ownProgram(root, "platform/supervisor/main.ts", specFile(home, name));
}

function startSupervisor(root: string, spec: SupervisorSpec): void {
	mkdirSync(`${spec.home}/logs`, { recursive: true });
	const log = openSync(`${spec.home}/logs/supervisor.log`, "a", 0o640);
	try {
		const [program = "", ...rest] = supervisorProgram(root, spec.home, spec.name);
		const env = { ...process.env, TSX_TSCONFIG_PATH: `${root}/tsconfig.json` };
		spawn(program, rest, { cwd: root, detached: true, stdio: ["ignore", log, log], env }).unref();
	} finally {
		closeSync(log);
	}
}

const failuresToGiveUp = 3;

/** Waits until these components (default: all that are not optional) of a spec are ready; throws with the log's last lines of the one that is not. */
export async function waitReady(spec: SupervisorSpec, deadlineMs: number, names?: readonly string[]): Promise<void> {
	const wanted = fingerprintOf(spec);
	const awaited = names ?? spec.components.filter(({ isOptional }) => isOptional !== true).map(({ name }) => name);
	const isWanted = (one: ComponentStatus) => awaited.includes(one.name);
	const open = () => {
		const status = readStatus(spec.home, spec.name);
		if (!isSupervised(status) || status.spec !== wanted) return null;
		return status.components.filter((one) => isWanted(one) && one.phase !== "ready" && one.phase !== "done");
	};
	let broken: ComponentStatus | undefined;
	try {
		await until("all components are ready", deadlineMs, () => {
			broken = open()?.find((one) => one.failures >= failuresToGiveUp);
			return broken !== undefined || open()?.length === 0;
		});
	} catch (cause) {
		broken = open()?.find((one) => one.phase !== "waiting") ?? open()?.[0];
		if (broken === undefined) {
			throw new AppError("timeout", `The supervisor does not answer:\n${lastLines(spec.home, "supervisor")}`, { cause });
		}
	}
	if (broken !== undefined) {
		throw new AppError(
			"unavailable",
			`The component ${broken.name} does not start (${broken.lastExit ?? "not ready in time"}). The last lines of ${spec.home}/logs/${broken.name}.log:\n${lastLines(spec.home, broken.name)}`,
		);
	}
}

function lastLines(home: string, component: string, count = 20): string {
	const file = `${home}/logs/${component}.log`;
	if (!existsSync(file)) return "(no output)";
	return readFileSync(file, "utf8").trimEnd().split("\n").slice(-count).join("\n");
}

/** Tells a supervisor to end everything in order, and waits; what is left after the deadline is killed. */
export async function endSupervisor(home: string, name: string, deadlineMs: number): Promise<void> {
	const status = readStatus(home, name);
	if (isSupervised(status)) {
		const { supervisor } = status;
		signal(supervisor, "SIGTERM", false);
		await until(`the supervisor ${name} ends`, deadlineMs, () => !isAlive(supervisor)).catch(() =>
			signal(supervisor, "SIGKILL", false),
		);
	}
	rmSync(statusFile(home, name), { force: true });
}
