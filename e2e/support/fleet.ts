import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import Docker from "dockerode";
import { socketDirectory } from "@/domain/installation";
import { labels, networkName } from "@/domain/names";
import { namespaceFile } from "@/platform/fleet/network";
import { planFleet } from "@/platform/fleet/plan";
import { isWell, statusOf } from "@/platform/status";
import { readStatus } from "@/platform/supervisor/control";
import { allPids, markerOf } from "@/platform/supervisor/process";
import { api } from "./api";
import { home, installationId } from "./installation";

const run = promisify(execFile);
export const fleetHosts = ["h1", "h2"] as const;

function engineOf(host: string): Docker {
	return new Docker({ socketPath: `${socketDirectory(installationId(), host)}/docker.sock` });
}

/** Ends a component without warning, by its exact process id. */
export function kill(component: string): void {
	process.kill(processOf(component), "SIGKILL");
}

/** Component -> process of everything that runs on the hosts, engines included. */
export function hostProcesses(): Record<string, number | null> {
	const lines = (statusOf(home()) ?? []).filter(({ component }) => /^h\d+-/.test(component));
	return Object.fromEntries(lines.map(({ component, pid }) => [component, pid]));
}

/** What of the installation does not run, or is not heard by the portal; null = all is well. */
export async function whatIsUnwell(): Promise<string | null> {
	const line = statusOf(home())?.find((one) => !isWell(one));
	if (line) return `${line.component} is ${line.state}`;
	const host = (await api().host.list.query()).find(
		({ state, proxies }) => state !== "ready" || proxies.some(({ alive }) => !alive),
	);
	return host
		? `${host.name} is ${host.state}, ${host.proxies.filter(({ alive }) => !alive).length} of its proxies are silent`
		: null;
}

/** Ends all of these that run at this moment, and answers how many did. */
export function killAll(components: readonly string[]): number {
	const lines = (statusOf(home()) ?? []).filter(({ component, pid }) => components.includes(component) && pid !== null);
	for (const { pid } of lines) {
		try {
			process.kill(pid ?? 0, "SIGKILL");
		} catch (error) {
			// It ended by itself since its supervisor was asked.
			if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
		}
	}
	return lines.length;
}

/**
 * Ends everything of the installation at once, as a cut of the power does: supervisors, control plane, engines, agents,
 * Envoys and every container. Answers how many processes ended.
 */
export async function cutPower(): Promise<number> {
	const filters = { label: [`${labels.installation}=${installationId()}`] };
	const containers = await Promise.all(
		fleetHosts.map(async (host) => {
			const found = await engineOf(host).listContainers({ filters });
			return Promise.all(found.map(async ({ Id }) => (await engineOf(host).getContainer(Id).inspect()).State.Pid));
		}),
	);
	const supervisor = readStatus(home(), "installation")?.supervisor.pid;
	if (!supervisor) throw new Error("The installation has no supervisor.");
	// Engines hand the mark on to what they start beside the containers.
	const marked = allPids().filter((pid) => markerOf(pid)?.startsWith(`${home()}:`));
	const pids = new Set([supervisor, ...marked, ...containers.flat()]);
	for (const pid of pids) {
		try {
			process.kill(pid, "SIGKILL");
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
		}
	}
	return pids.size;
}

function processOf(component: string): number {
	const line = statusOf(home())?.find((one) => one.component === component);
	if (!line?.pid) throw new Error(`${component} does not run: ${JSON.stringify(line)}.`);
	return line.pid;
}

/** Instance -> how many containers the host's engine made for it since `since` (milliseconds since 1970). */
export async function createdSince(host: string, since: number): Promise<Map<string, number>> {
	const stream = await engineOf(host).getEvents({
		since: Math.floor(since / 1000),
		until: Math.ceil(Date.now() / 1000),
		filters: JSON.stringify({ type: ["container"], event: ["create"], label: [`${labels.installation}=${installationId()}`] }),
	});
	let text = "";
	for await (const chunk of stream) text += String(chunk);
	const made = new Map<string, number>();
	for (const line of text.split("\n").filter((one) => one !== "")) {
		const event = JSON.parse(line) as { Actor: { Attributes: Record<string, string> } };
		const instance = event.Actor.Attributes[labels.instance] ?? "";
		made.set(instance, (made.get(instance) ?? 0) + 1);
	}
	return made;
}

/** The instances of a service that have a container on the host, running or not. */
export async function containersOf(host: string, service: string): Promise<string[]> {
	const filters = { label: [`${labels.installation}=${installationId()}`, `${labels.service}=${service}`] };
	const found = await engineOf(host).listContainers({ all: true, filters });
	return found.map(({ Labels }) => Labels[labels.instance] ?? "");
}

/** Instance -> its container and when that was started: the same again means that nothing was restarted. */
export async function startsOf(host: string, service: string): Promise<Map<string, string>> {
	const filters = { label: [`${labels.installation}=${installationId()}`, `${labels.service}=${service}`] };
	const found = await engineOf(host).listContainers({ all: true, filters });
	const facts = await Promise.all(found.map(({ Id }) => engineOf(host).getContainer(Id).inspect()));
	return new Map(facts.map(({ Id, State, Config }) => [Config.Labels[labels.instance] ?? "", `${Id} ${State.StartedAt}`]));
}

/** Ends an instance's program without warning; the engine does not start it again, as it was asked for. */
export async function killContainer(host: string, service: string): Promise<void> {
	const filters = { label: [`${labels.installation}=${installationId()}`, `${labels.service}=${service}`] };
	const [found] = await engineOf(host).listContainers({ filters });
	if (!found) throw new Error(`${service} has no container on ${host}.`);
	await engineOf(host).getContainer(found.Id).kill({ signal: "SIGKILL" });
}

/** Starts what `killContainer` ended. */
export async function startContainers(host: string, service: string): Promise<void> {
	const filters = { label: [`${labels.installation}=${installationId()}`, `${labels.service}=${service}`] };
	const found = await engineOf(host).listContainers({ all: true, filters });
	await Promise.all(found.filter(({ State }) => State !== "running").map(({ Id }) => engineOf(host).getContainer(Id).start()));
}

/** Cuts a host's network cable, or plugs it in again. */
export async function plug(host: string, state: "up" | "down"): Promise<void> {
	const id = installationId();
	const veth = planFleet({ id, fleet: [host] }, 0).hosts[0]?.veth ?? "";
	await run("ip", ["link", "set", veth, state]);
}

/** What a container in the environment gets from an address, in the host's engine: its standard output. */
export async function fetchFromContainer(host: string, environment: string, image: string, address: string): Promise<string> {
	const script = `fetch(${JSON.stringify(address)}).then(async (answer) => console.log(answer.status, (await answer.text()).trim()))`;
	return runInEnvironment(host, environment, image, ["node", "-e", script]);
}

/** What a command says that runs in a container of the environment, with its names, in the host's engine. */
export async function runInEnvironment(
	host: string,
	environment: string,
	image: string,
	command: readonly string[],
): Promise<string> {
	const engine = engineOf(host);
	const network = networkName(installationId(), environment);
	const { IPAM } = (await engine.getNetwork(network).inspect()) as { IPAM: { Config: { Gateway: string }[] } };
	const container = await engine.createContainer({
		Image: image,
		Entrypoint: [...command],
		Cmd: [],
		HostConfig: { NetworkMode: network, Dns: [IPAM.Config[0]?.Gateway ?? ""] },
	});
	try {
		await container.start();
		await container.wait();
		return ((await container.logs({ stdout: true, stderr: true })) as unknown as Buffer).subarray(8).toString("utf8").trim();
	} finally {
		await container.remove({ force: true });
	}
}

/** Listens on these ports of the host's address until `close`: another program that was there first. */
export async function occupy(host: string, address: string, ports: readonly number[]): Promise<{ close(): void }> {
	const script = `const [address, ...ports] = process.argv.slice(1); let open = 0;
		for (const port of ports) require("node:net").createServer().on("error", () => { open += 1; done(); }).listen(Number(port), address, () => { open += 1; done(); });
		function done() { if (open === ports.length) console.log("open"); }`;
	const { namespace } = planFleet({ id: installationId(), fleet: [host] }, 0).hosts[0] ?? { namespace: "" };
	const argv = [`--net=${namespaceFile(namespace)}`, process.execPath, "-e", script, address, ...ports.map(String)];
	const child = spawn("nsenter", argv, { stdio: ["ignore", "pipe", "inherit"] });
	await new Promise<void>((resolve, reject) => {
		child.once("error", reject);
		child.stdout.once("data", () => resolve());
	});
	return { close: () => child.kill("SIGKILL") };
}
