import { networkInterfaces } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import type Docker from "dockerode";
import { AppError, messageOf } from "@/domain/errors";
import { hostBridgeName, labels } from "@/domain/names";
import { readJson, writeAtomically } from "./atomic-file";
import { command, tryCommand } from "./command";
import { say } from "./progress";

/** Kept in the home: hosts' addresses are stored when they join, so the same subnet comes back at each `up`. */
export interface KeptNetwork {
	readonly subnet: string;
	readonly gateway: string;
}

const virtualAddresses = "10.254.0.0/16";

type NetworkKind = "bridge" | "fleet";

function networkFile(home: string, kind: NetworkKind): string {
	return `${home}/network-${kind}.json`;
}

export function readNetwork(home: string, kind: NetworkKind): KeptNetwork | null {
	return readJson<KeptNetwork>(networkFile(home, kind));
}

export function writeNetwork(home: string, kind: NetworkKind, network: KeptNetwork): void {
	writeAtomically(networkFile(home, kind), JSON.stringify(network));
}

/** Packets to a service's virtual address end on this machine, where Envoy listens. `ip` may run in a namespace. */
export async function routeVirtualAddresses(ip: readonly string[] = ["ip"]): Promise<void> {
	await command("Routing the services' virtual addresses", [...ip, "route", "replace", "local", virtualAddresses, "dev", "lo"]);
}

export async function unrouteVirtualAddresses(): Promise<void> {
	await tryCommand(["ip", "route", "del", "local", virtualAddresses, "dev", "lo"]);
}

interface InspectedNetwork {
	readonly IPAM?: { readonly Config?: readonly { readonly Subnet?: string; readonly Gateway?: string }[] };
	readonly Labels?: Readonly<Record<string, string>>;
}

/** The address of this machine that every proxy and container reaches: the gateway of a bridge of our own. */
export async function ensureHostBridge(engine: Docker, installation: string, home: string): Promise<string> {
	const name = hostBridgeName(installation);
	const kept = readNetwork(home, "bridge");
	const found = await inspect(engine, name);
	if (found === null) await createBridge(engine, installation, name, kept);
	const config = (found ?? (await inspect(engine, name)))?.IPAM?.Config?.[0];
	if (config?.Subnet === undefined || config.Gateway === undefined) {
		throw new AppError(
			"unavailable",
			`The network ${name} has no gateway: run \`docker network rm ${name}\`, then \`sluice up\`.`,
		);
	}
	writeNetwork(home, "bridge", { subnet: config.Subnet, gateway: config.Gateway });
	return config.Gateway;
}

async function inspect(engine: Docker, name: string): Promise<InspectedNetwork | null> {
	try {
		return (await engine.getNetwork(name).inspect()) as InspectedNetwork;
	} catch (error) {
		if ((error as { statusCode?: number }).statusCode === 404) return null;
		throw error;
	}
}

async function createBridge(engine: Docker, installation: string, name: string, kept: KeptNetwork | null): Promise<void> {
	try {
		await engine.createNetwork({
			Name: name,
			Driver: "bridge",
			CheckDuplicate: true,
			Labels: { [labels.installation]: installation },
			Options: { "com.docker.network.bridge.name": name },
			...(kept ? { IPAM: { Driver: "default", Config: [{ Subnet: kept.subnet, Gateway: kept.gateway }] } } : {}),
		});
	} catch (cause) {
		const wanted = kept ? ` with the subnet ${kept.subnet}, which this host joined with` : "";
		throw new AppError("unavailable", `The network ${name} cannot be made${wanted}: ${messageOf(cause)}.`, { cause });
	}
}

type Emptied = Pick<Docker, "listContainers" | "getContainer" | "listNetworks" | "getNetwork">;

const emptyWithinMs = 60_000;
const settledAfterMs = 3_000;
const lookAgainMs = 200;

/**
 * Removes the containers and networks that carry this installation's label, and nothing else. What an agent asked its
 * engine for before it was ended may come after a look, and holds its network then: so it looks until there is none. An
 * engine that was killed may count endpoints that no container has any more, for ever: such a network is told and left.
 * Throws `unavailable` when there are still containers after a minute.
 */
export async function emptyEngine(engine: Emptied, installation: string): Promise<void> {
	const filters = { label: [`${labels.installation}=${installation}`] };
	const began = performance.now();
	for (let emptySince = began; ; await pause(lookAgainMs)) {
		const containers = await engine.listContainers({ all: true, filters });
		await Promise.all(containers.map(({ Id }) => ignore([404, 409], engine.getContainer(Id).remove({ force: true, v: true }))));
		if (containers.length > 0) emptySince = performance.now();
		if (emptySince - began > emptyWithinMs)
			throw new AppError(
				"unavailable",
				`The engine does not get rid of ${containers.length} containers: restart it, and run this again.`,
			);
		const networks = await engine.listNetworks({ filters });
		const problems = await Promise.all(networks.map(({ Id }) => whyHeld(engine.getNetwork(Id).remove())));
		const held = problems.filter((problem) => problem !== null);
		if (containers.length === 0 && held.length === 0) return;
		if (performance.now() - emptySince < settledAfterMs) continue;
		say(
			`${held.join(" ")}\nNo container of this installation is left: the engine removes that network when it has been restarted.`,
		);
		return;
	}
}

/** null = it is gone; else that a container holds it, in Docker's words. */
async function whyHeld(removal: Promise<unknown>): Promise<string | null> {
	try {
		await ignore([404], removal);
		return null;
	} catch (error) {
		if ((error as { statusCode?: number }).statusCode !== 403) throw error;
		return messageOf(error);
	}
}

/** Names of the volumes that services of this installation wrote into: nothing removes them but a person's word. */
export async function dataVolumes(engine: Docker, installation: string): Promise<string[]> {
	const filters = { label: [labels.volume, `${labels.installation}=${installation}`] };
	const { Volumes: volumes } = await engine.listVolumes({ filters });
	return (volumes ?? []).map(({ Name: name }) => name).sort();
}

/** 404 = it is gone; 409 = somebody removes it already. */
async function ignore(codes: readonly number[], work: Promise<unknown>): Promise<void> {
	try {
		await work;
	} catch (error) {
		if (!codes.includes((error as { statusCode?: number }).statusCode ?? 0)) throw error;
	}
}

/** Those of this machine's interfaces that other machines may reach. */
export function ownAddresses(): string[] {
	return localSubnets()
		.map((cidr) => cidr.slice(0, cidr.indexOf("/")))
		.filter((address) => !address.startsWith("127."));
}

/** IPv4 addresses of this machine's interfaces, with their prefix lengths. */
export function localSubnets(): string[] {
	return Object.values(networkInterfaces())
		.flatMap((addresses) => addresses ?? [])
		.filter((address) => address.family === "IPv4")
		.flatMap((address) => (address.cidr === null ? [] : [address.cidr]));
}
