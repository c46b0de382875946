import { accessSync, constants, existsSync, readFileSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { type OwnServers, readServers } from "@/adapters/installation/servers";
import { AppError, messageOf } from "@/domain/errors";
import { type Installation, type PortName, portOf } from "@/domain/installation";
import { isOnPath } from "./command";
import { engineApi, engineSocket, requireNewEngine } from "./docker-engine";
import { judgeClock } from "./doctor/judge";
import { askRegistries } from "./doctor/network";
import { hostLock, joinedHost } from "./host";
import { restoringFile } from "./installation";
import { listeners, ownerOf } from "./listening";
import { lockOwner } from "./lock";
import { ownAddresses } from "./network";
import { cacheDirectory } from "./obtain/cache";
import { say } from "./progress";
import { placeOf, requireServers, unknownHosts } from "./servers";
import { markerOf } from "./supervisor/process";

const neededBytes = 2_000_000_000;

/** Everything that is known before something is started or changed; each problem is a sentence with the way out. */
export async function preflight(
	home: string,
	kept: Installation | null,
	wished: Installation,
	servers: OwnServers,
	askedAddresses: readonly string[],
): Promise<void> {
	requireRoot(process.getuid?.());
	requireKnownSystem();
	if (kept === null) await tellWrongClock();
	await requireEngineNewEnough();
	requireWritable(home);
	requireDisk(freeSpace(home));
	requireWhole(home);
	requireSameHosts(home, kept, wished);
	await requireOnlyHost(home, wished);
	requireAddresses(askedAddresses, ownAddresses());
	tellMissing(wished.relayAddresses ?? [], ownAddresses());
	requirePorts(home, wished, servers);
	await requireServers(servers);
	await requireKnownHosts(home, wished, servers);
}

export function requireRoot(uid: number | undefined): void {
	if (uid === 0) return;
	throw new AppError(
		"forbidden",
		"`sluice up` runs containers, bridges and routes, which only root may: run `sudo ./sluice up`.",
	);
}

/** By it certificates are made, and those of others judged: what fails later fails because of it. Nobody to ask is no news. */
async function tellWrongClock(): Promise<void> {
	const { clocks } = await askRegistries();
	if (clocks === null) return;
	const { verdict, found, mend } = judgeClock(clocks);
	if (verdict !== "ok") say(`${found} ${mend}`);
}

/** Before anything is fetched; one that does not answer is started later. */
async function requireEngineNewEnough(): Promise<void> {
	const api = await engineApi(engineSocket());
	if (api !== null) requireNewEngine(api);
}

/** Where an installation has files: a folder on a read-only disk stops root, too. */
export function requireWritable(home: string): void {
	for (const folder of [home, "/var/lib", "/run", cacheDirectory()].map(existingParent)) {
		try {
			accessSync(folder, constants.W_OK | constants.X_OK);
		} catch (cause) {
			throw new AppError(
				"unavailable",
				`Nothing can be written in ${folder} (${messageOf(cause)}), where Sluice keeps files: remount it writable, change its rights, or name another folder with SLUICE_HOME (the home) or XDG_CACHE_HOME (fetched programs).`,
				{ cause },
			);
		}
	}
}

/** Without apt it is enough that everything is there already. */
export function requireKnownSystem(): void {
	if (isOnPath("apt-get")) return;
	const missing = ["dockerd", "iptables", "ip", "dnsmasq", "git", "python3"].filter((program) => !isOnPath(program));
	if (missing.length === 0) return;
	const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(
		existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "",
	)?.[1];
	throw new AppError(
		"unavailable",
		`${name ?? "This system"} has no apt-get, and ${missing.join(", ")} are missing: install them with your distribution's package manager, or use Debian or Ubuntu.`,
	);
}

/** Free bytes where the home is, and where Postgres and the images of test hosts are. */
export function freeSpace(home: string): { folder: string; bytes: number }[] {
	return [existingParent(home), "/var/lib"].map((folder) => {
		const { bavail, bsize } = statfsSync(folder);
		return { folder, bytes: bavail * bsize };
	});
}

export function requireDisk(space: readonly { folder: string; bytes: number }[]): void {
	for (const { folder, bytes } of space) {
		if (bytes >= neededBytes) continue;
		const free = (bytes / 1e9).toFixed(1);
		throw new AppError(
			"unavailable",
			`The disk of ${folder} has ${free} GB left, and Sluice needs 2 GB: free some, then run this again.`,
		);
	}
}

/** Nothing is made before all is checked. */
function existingParent(path: string): string {
	return existsSync(path) ? path : existingParent(dirname(path));
}

/** What a restore that was killed left would publish what is old with numbers that hosts refuse. */
function requireWhole(home: string): void {
	if (existsSync(restoringFile(home)))
		throw new AppError(
			"not-allowed-now",
			`The restore into ${home} was ended before it was whole: run \`sluice uninstall\`, then \`sluice restore\` again.`,
		);
}

/** A host that joined keeps its name in the database: the set of hosts may grow, not change. */
export function requireSameHosts(home: string, kept: Installation | null, wished: Installation): void {
	if (kept === null) return;
	const before = kept.fleet.length === 0 ? ["local"] : kept.fleet;
	const after = wished.fleet.length === 0 ? ["local"] : wished.fleet;
	const lost = before.filter((name) => !after.includes(name) && joinedHost(home, name) !== null);
	if (lost.length > 0) {
		throw new AppError(
			"conflict",
			`The installation in ${home} has the host ${lost.join(", ")} already: use another home for other hosts, as in \`SLUICE_HOME=.sluice-fleet sluice up --fleet 2\`.`,
		);
	}
	if (wished.portBase !== kept.portBase && joinedHost(home, before[0] ?? "local") !== null) {
		throw new AppError(
			"conflict",
			`The installation in ${home} has the ports from ${kept.portBase} on: hosts know them. Use another home for other ports.`,
		);
	}
}

export async function requireOnlyHost(home: string, wished: Installation): Promise<void> {
	if (wished.fleet.length > 0) return;
	const owner = await lockOwner(hostLock);
	if (owner === null || owner === home) return;
	throw new AppError(
		"conflict",
		`The installation in ${owner} already has its host on this machine, and both would use the same addresses and ports: run \`SLUICE_HOME=${owner} sluice down\`, or use \`sluice up --fleet 2\` here.`,
	);
}

/** A database that knows none of the hosts would refuse them all: theirs is moved first, or another home is used. */
async function requireKnownHosts(home: string, wished: Installation, { databaseUrl }: OwnServers): Promise<void> {
	const names = wished.fleet.length === 0 ? ["local"] : wished.fleet;
	const joined = names.filter((name) => joinedHost(home, name) !== null);
	if (databaseUrl === null || joined.length === 0 || databaseUrl === readServers(home).databaseUrl) return;
	const unknown = await unknownHosts(databaseUrl, joined);
	if (unknown.length === 0) return;
	throw new AppError(
		"conflict",
		`The Postgres of DATABASE_URL (${placeOf(databaseUrl)}) does not know the host ${unknown.join(", ")} of this installation: move the data of the one used so far into it, or use another home.`,
	);
}

/** Named, never a wildcard: one would block the relay's port on every virtual address. */
export function requireAddresses(relay: readonly string[], own: readonly string[]): void {
	const wrong = relay.find((address) => !own.includes(address));
	if (wrong === undefined) return;
	throw new AppError(
		"invalid",
		`--relay-address ${wrong} is no IPv4 address of this machine, whose own are ${own.join(", ") || "none"}: name the one at which the other hosts reach it.`,
	);
}

/** One that was kept may be away for a while: that stops nobody who comes by another. */
function tellMissing(kept: readonly string[], own: readonly string[]): void {
	const missing = kept.filter((address) => !own.includes(address));
	if (missing.length === 0) return;
	say(
		`This machine does not have the relay address ${missing.join(", ")} now: hosts that come by it wait until it is back (the relay tries it every 5 s).`,
	);
}

const ofControlPlane: readonly PortName[] = [
	"portal",
	"relay",
	"git",
	"registry",
	"postgres",
	"temporal",
	"temporalUi",
	"prometheus",
	"metrics",
];
const ofMachineHost: readonly PortName[] = ["gateway", "forwarder"];

function requirePorts(home: string, wished: Installation, servers: OwnServers): void {
	const [problem] = takenPorts(home, wished, servers);
	if (problem !== undefined) throw new AppError("conflict", problem);
}

/** A sentence for each port of the installation that a process of somebody else's has. */
export function takenPorts(home: string, wished: Installation, servers: OwnServers): string[] {
	const elsewhere: PortName[] = [
		...(servers.databaseUrl === null ? [] : (["postgres"] as const)),
		...(servers.temporalAddress === null ? [] : (["temporal", "temporalUi"] as const)),
	];
	const all = wished.fleet.length > 0 ? ofControlPlane : [...ofControlPlane, ...ofMachineHost];
	const names = all.filter((name) => !elsewhere.includes(name));
	const taken = listeners();
	return names.flatMap((name) => {
		const port = portOf(wished.portBase, name);
		const listener = taken.find((one) => one.port === port);
		const owner = listener ? ownerOf(listener.inode) : null;
		if (listener === undefined || (owner && markerOf(owner.pid)?.startsWith(`${home}:`))) return [];
		const by = owner === null ? "by another process" : `by ${owner.command} (process ${owner.pid})`;
		return [
			`Port ${port}, which the ${name} needs, is taken ${by}: end it, or run \`sluice up --port-base ${wished.portBase + 1000}\`.`,
		];
	});
}
