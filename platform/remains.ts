import { existsSync, readdirSync, readFileSync } from "node:fs";
import type Docker from "dockerode";
import { labels } from "@/domain/names";
import { tryCommand } from "./command";
import { engineApi, engineAt } from "./docker-engine";
import { findInstallation } from "./installation";
import { joinedElsewhere } from "./joined";
import { keptHome } from "./kept-home";
import { allPids, markerOf } from "./supervisor/process";

/** Something on this machine, outside any home, that carries an installation's id. */
export interface Remain {
	readonly installation: string;
	readonly kind: "container" | "network" | "volume" | "namespace" | "interface" | "mount" | "rule" | "folder";
	readonly name: string;
	/** A volume that a service wrote into: it goes by a person's word only. */
	readonly isData?: boolean;
}

const id = "([a-z][a-z0-9]{5})";
const machineRoot = "/var/lib/sluice";
const socketRoot = "/run/sluice";

/** All of it, of every installation, by installation. Changes nothing. `socket` = the machine's engine, if one answers. */
export async function findRemains(socket: string): Promise<Remain[]> {
	const engine = (await engineApi(socket)) === null ? null : engineAt(socket);
	return [
		...(engine === null ? [] : await inEngine(engine)),
		...named("namespace", namesIn("/run/netns"), new RegExp(`^sluice-${id}-`)),
		...named("interface", namesIn("/sys/class/net"), new RegExp(`^sluicef-${id}$|^sl${id}h\\d+$`)),
		...named("mount", mounts(), new RegExp(`^(?:${machineRoot}|${socketRoot})/${id}/`)),
		...(await rules()),
		...named("folder", foldersIn(machineRoot), new RegExp(`/${id}$`)),
		...named("folder", foldersIn(socketRoot), new RegExp(`/${id}$`)),
	].toSorted((left, right) => (left.installation < right.installation ? -1 : 1));
}

async function inEngine(engine: Docker): Promise<Remain[]> {
	const filters = { label: [labels.installation] };
	const [containers, networks, { Volumes: volumes }] = await Promise.all([
		engine.listContainers({ all: true, filters }),
		engine.listNetworks({ filters }),
		engine.listVolumes({ filters }),
	]);
	const of = (one: { Labels?: Record<string, string> }) => one.Labels?.[labels.installation] ?? "";
	return [
		...containers.map(
			(one): Remain => ({
				installation: of(one),
				kind: "container",
				name: one.Names[0]?.replace(/^\//, "") ?? one.Id,
			}),
		),
		...networks.map((one): Remain => ({ installation: of(one), kind: "network", name: one.Name })),
		...(volumes ?? []).map((one): Remain => {
			const isData = one.Labels?.[labels.volume] !== undefined;
			return { installation: of(one), kind: "volume", name: one.Name, ...(isData ? { isData } : {}) };
		}),
	];
}

function named(kind: Remain["kind"], names: readonly string[], pattern: RegExp): Remain[] {
	return names.flatMap((name) => {
		const match = pattern.exec(name);
		const installation = match?.[1] ?? match?.[2];
		return installation === undefined ? [] : [{ installation, kind, name }];
	});
}

function namesIn(folder: string): string[] {
	return existsSync(folder) ? readdirSync(folder) : [];
}

function foldersIn(folder: string): string[] {
	return namesIn(folder).map((name) => `${folder}/${name}`);
}

/** Deepest last, as they were made. */
export function mounts(): string[] {
	return readFileSync("/proc/self/mounts", "utf8")
		.split("\n")
		.flatMap((line) => line.split(" ")[1]?.replaceAll("\\040", " ") ?? []);
}

/** Test hosts may reach each other: platform/fleet/network.ts. */
async function rules(): Promise<Remain[]> {
	const listed = await tryCommand(["iptables", "-w", "-S", "DOCKER-USER"]).catch(() => null);
	const lines = listed?.code === 0 ? listed.stdout.split("\n") : [];
	return named("rule", lines, new RegExp(`-i sluicef-${id} `));
}

export interface Orphan {
	readonly installation: string;
	/** Where its home was; null = nobody wrote it down. */
	readonly home: string | null;
	readonly remains: readonly Remain[];
}

/** What no home on this machine owns any more. `home` = one that is known to be there. */
export function orphansAmong(remains: readonly Remain[], home: string): Orphan[] {
	const living = new Set([home, ...homesOfProcesses()].flatMap(installationsOf));
	return [...Map.groupBy(remains, ({ installation }) => installation)].flatMap(([installation, own]) => {
		const kept = keptHome(installation);
		if (living.has(installation) || (kept !== null && installationsOf(kept).includes(installation))) return [];
		return [{ installation, home: kept, remains: own }];
	});
}

/** Its own, and those whose hosts joined in it. */
function installationsOf(home: string): string[] {
	const own = findInstallation(home);
	return [...(own === null ? [] : [own.id]), ...joinedElsewhere(home).map(({ installation }) => installation)];
}

/** Every component says in its environment whose it is. */
function homesOfProcesses(): string[] {
	return allPids().flatMap((pid) => markerOf(pid)?.split(":")[0] ?? []);
}
