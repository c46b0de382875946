import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import Docker from "dockerode";
import { AppError, messageOf } from "@/domain/errors";
import { tryCommand } from "./command";
import { oldestEngineApi } from "./versions";
import { until } from "./wait";

const defaultSocket = "/var/run/docker.sock";
const startDeadlineMs = 60_000;

/** The unix socket of the machine's engine. Throws `invalid` for an engine on another machine. */
export function engineSocket(dockerHost = process.env.DOCKER_HOST): string {
	if (dockerHost === undefined || dockerHost === "") return defaultSocket;
	if (dockerHost.startsWith("unix://")) return dockerHost.slice("unix://".length);
	throw new AppError(
		"invalid",
		`DOCKER_HOST is ${dockerHost}, and Sluice uses the engine of this machine by a unix socket: run \`unset DOCKER_HOST\`, or join the other machine with \`sluice host join\`.`,
	);
}

export function engineAt(socket: string): Docker {
	return new Docker({ socketPath: socket });
}

/** The engine's API version; null when none answers. */
export async function engineApi(socket: string): Promise<string | null> {
	if (!existsSync(socket)) return null;
	try {
		return (await engineAt(socket).version()).ApiVersion;
	} catch {
		return null;
	}
}

/** "1.9" is older than "1.41". */
export function isOlderApi(version: string, than: string): boolean {
	const [major = 0, minor = 0] = version.split(".").map(Number);
	const [wantedMajor = 0, wantedMinor = 0] = than.split(".").map(Number);
	return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

/**
 * Makes sure that the machine's engine answers and is new enough. One that we start is the machine's from then on: it
 * runs on after `down`, with live-restore, so that containers outlive it.
 */
export async function ensureEngine(log: string): Promise<void> {
	const socket = engineSocket();
	let api = await engineApi(socket);
	if (api === null) {
		if (socket !== defaultSocket) {
			throw new AppError(
				"unavailable",
				`No Docker Engine answers at DOCKER_HOST unix://${socket}: start it, or run \`unset DOCKER_HOST\`.`,
			);
		}
		await startEngine(log);
		api = await engineApi(socket);
	}
	if (api === null) throw new AppError("unavailable", `The Docker Engine at ${socket} does not answer: read ${log}.`);
	requireNewEngine(api);
}

export function requireNewEngine(api: string): void {
	if (!isOlderApi(api, oldestEngineApi)) return;
	throw new AppError(
		"unavailable",
		`The Docker Engine at ${engineSocket()} speaks API ${api}, and Sluice needs ${oldestEngineApi} (Engine 20.10): upgrade it, as with \`apt-get install docker.io\`.`,
	);
}

async function startEngine(log: string): Promise<void> {
	if (existsSync("/run/systemd/system")) await tryCommand(["systemctl", "start", "docker"]);
	else startDaemon(log);
	try {
		await until("the Docker Engine answers", startDeadlineMs, async () => (await engineApi(defaultSocket)) !== null);
	} catch (cause) {
		throw new AppError("unavailable", `The Docker Engine does not start: ${messageOf(cause)}. Read ${log}.`, { cause });
	}
}

function startDaemon(log: string): void {
	mkdirSync(log.slice(0, log.lastIndexOf("/")), { recursive: true });
	const output = openSync(log, "a", 0o640);
	try {
		const child = spawn("/usr/sbin/dockerd", ["--live-restore"], { detached: true, stdio: ["ignore", output, output] });
		child.on("error", () => undefined);
		child.unref();
	} finally {
		closeSync(output);
	}
}
