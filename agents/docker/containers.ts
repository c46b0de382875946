import type Docker from "dockerode";
import type { ActualContainer } from "@/domain/host/converge";
import type { DesiredInstance, HostConfig } from "@/domain/host/model";
import { labels } from "@/domain/names";
import type { FileMount } from "../secret-files";
import { volumeMounts } from "./volumes";

/** In milliseconds, so that an instance is stopped right also when its desired document is gone. */
const graceLabel = "dev.sluice.stop-grace-ms";

export interface InspectedContainer extends ActualContainer {
	readonly exitCode: number | null;
	readonly restarts: number;
	/** Of its main process, as the machine numbers it; 0 = it does not run. */
	readonly pid: number;
	/** Milliseconds since 1970; 0 = never. */
	readonly startedAt: number;
	readonly finishedAt: number;
}

/** Everything of this installation on this engine, running or not. */
export async function listContainers(engine: Docker, installation: string): Promise<InspectedContainer[]> {
	const found = await engine.listContainers({ all: true, filters: { label: [`${labels.installation}=${installation}`] } });
	const inspected = await Promise.all(found.map(({ Id }) => inspectContainer(engine, Id)));
	return inspected.filter((container) => container !== null);
}

/** Null when it is gone. */
async function inspectContainer(engine: Docker, idOrName: string): Promise<InspectedContainer | null> {
	const facts = await engine
		.getContainer(idOrName)
		.inspect()
		.catch((error: unknown) => {
			if (statusOf(error) === 404) return null;
			throw error;
		});
	if (!facts) return null;
	const { State: state } = facts;
	const label = (name: string): string | null => facts.Config.Labels?.[name] ?? null;
	return {
		containerId: facts.Id,
		name: facts.Name.replace(/^\//, ""),
		installation: label(labels.installation),
		role: label(labels.role),
		instance: label(labels.instance),
		stopGraceMs: Number(label(graceLabel) ?? 10_000),
		volumes: facts.Mounts.flatMap(({ Type: type, Name: name }) => (type === "volume" && name ? [name] : [])),
		state: stateOf(state.Status),
		// Docker calls a restarting container running, too.
		exitCode: state.Running && !state.Restarting ? null : state.ExitCode,
		restarts: facts.RestartCount,
		pid: state.Running && !state.Restarting ? state.Pid : 0,
		startedAt: timeOf(state.StartedAt),
		finishedAt: timeOf(state.FinishedAt),
	};
}

function stateOf(status: string): ActualContainer["state"] {
	if (status === "created" || status === "running" || status === "restarting" || status === "exited") return status;
	return "other";
}

function timeOf(text: string): number {
	const time = Date.parse(text);
	return Number.isNaN(time) || time < 0 ? 0 : time;
}

export function imageReference(host: Pick<HostConfig, "forwarderPort">, image: string): string {
	return `127.0.0.1:${host.forwarderPort}/${image}`;
}

export interface ContainerSurroundings {
	/** Answers names. */
	readonly dns: string;
	/** From the environment's configuration; the engine keeps them with the container, as it does every variable. */
	readonly variables: Readonly<Record<string, string>>;
	readonly files: readonly FileMount[];
}

/** Creates the instance's container and returns its id; one of that name that is there already is taken. */
export async function createContainer(
	engine: Docker,
	host: HostConfig,
	instance: DesiredInstance,
	{ dns, variables, files }: ContainerSurroundings,
): Promise<string> {
	const ports = Object.fromEntries(
		instance.ports.map(({ containerPort, hostPort }) => [
			`${containerPort}/tcp`,
			[{ HostIp: host.address, HostPort: String(hostPort) }],
		]),
	);
	try {
		const container = await engine.createContainer({
			name: instance.containerName,
			Image: imageReference(host, instance.image),
			// The image's own entry point would see the command as its arguments.
			...(instance.command ? { Entrypoint: [...instance.command], Cmd: [] } : {}),
			Env: Object.entries({ ...instance.variables, ...variables }).map(([name, value]) => `${name}=${value}`),
			Labels: {
				[labels.installation]: host.installation,
				[labels.host]: host.name,
				[labels.instance]: instance.id,
				[labels.service]: instance.service,
				[labels.environment]: instance.environment,
				[labels.release]: String(instance.release),
				[labels.role]: "instance",
				[graceLabel]: String(instance.stopGraceMs),
			},
			ExposedPorts: Object.fromEntries(Object.keys(ports).map((port) => [port, {}])),
			HostConfig: {
				PortBindings: ports,
				NetworkMode: instance.network,
				RestartPolicy: { Name: "unless-stopped" },
				Memory: Math.round(instance.limits.memoryBytes),
				NanoCpus: Math.round(instance.limits.cpus * 1e9),
				Dns: [dns],
				Mounts: [
					...files.map(({ source, target }) => ({ Type: "bind" as const, Source: source, Target: target, ReadOnly: true })),
					...volumeMounts(host, instance),
				],
				LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
			},
		});
		return container.id;
	} catch (error) {
		const existing = statusOf(error) === 409 ? await inspectContainer(engine, instance.containerName) : null;
		if (existing?.instance === instance.id && existing.installation === host.installation) return existing.containerId;
		throw error;
	}
}

/** Whom the image's program runs as; "" = root. */
export async function imageUser(engine: Docker, reference: string): Promise<string> {
	return (await engine.getImage(reference).inspect()).Config?.User ?? "";
}

export async function startContainer(engine: Docker, containerId: string): Promise<void> {
	await tolerate(engine.getContainer(containerId).start(), 304);
}

/** SIGTERM, its grace, SIGKILL, then what `stopped` does, gone. Safe to repeat at any point. */
export async function removeContainer(
	engine: Docker,
	containerId: string,
	stopGraceMs: number,
	stopped: () => Promise<void>,
): Promise<void> {
	const container = engine.getContainer(containerId);
	await tolerate(container.stop({ t: Math.ceil(stopGraceMs / 1000) }), 304, 404);
	await stopped();
	await tolerate(container.remove({ v: true, force: true }), 404, 409);
}

/** The end of what a container said, without colours. */
export async function lastLines(engine: Docker, containerId: string, count = 20): Promise<string> {
	const raw = await engine.getContainer(containerId).logs({ stdout: true, stderr: true, tail: count });
	return withoutHeaders(raw as unknown as Buffer)
		.trim()
		.slice(-4_000);
}

/** Docker puts eight bytes before each piece: the stream, and the piece's length. */
function withoutHeaders(raw: Buffer): string {
	const pieces: Buffer[] = [];
	for (let at = 0; at + 8 <= raw.length; ) {
		const length = raw.readUInt32BE(at + 4);
		pieces.push(raw.subarray(at + 8, at + 8 + length));
		at += 8 + length;
	}
	return Buffer.concat(pieces).toString("utf8");
}

export function statusOf(error: unknown): number | null {
	const status = (error as { statusCode?: unknown }).statusCode;
	return typeof status === "number" ? status : null;
}

/** These answers mean that it is as wished already. */
async function tolerate(call: Promise<unknown>, ...statuses: number[]): Promise<void> {
	try {
		await call;
	} catch (error) {
		if (!statuses.includes(statusOf(error) ?? 0)) throw error;
	}
}
