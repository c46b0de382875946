import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { AppError } from "@/domain/errors";
import type { HostConfig } from "@/domain/host/model";
import { hostDirectory, pathsOf, socketDirectory } from "@/domain/installation";
import { readJson } from "./atomic-file";
import { tryCommand } from "./command";
import { engineApi, engineAt, engineSocket, ensureEngine } from "./docker-engine";
import { hostLock, hostSupervisorName, joinedHost, type LocalHost, specOfHost } from "./host";
import { findInstallation } from "./installation";
import { recordHome } from "./kept-home";
import { lockOwner } from "./lock";
import { dataVolumes, emptyEngine, unrouteVirtualAddresses } from "./network";
import { obtainHostPackages, obtainHostPrograms } from "./obtain/programs";
import { freeSpace, requireDisk, requireKnownSystem, requireRoot } from "./preflight";
import { step } from "./progress";
import { checkout, ownEnvironment, ownProgram, type Setup } from "./setup";
import { applySpec, endSupervisor, waitReady } from "./supervisor/control";
import { endMarked } from "./supervisor/end-marked";
import { unmountUnder } from "./unmount";

/** What `sluice host join` was told; a machine that has joined needs the name only. */
export interface JoinWishes {
	readonly name: string;
	readonly relay?: string;
	readonly address?: string;
	/** `unix:///path` */
	readonly docker?: string;
	readonly tokenFile?: string;
}

const readyDeadlineMs = 150_000;
const endDeadlineMs = 60_000;

/**
 * Makes this machine a host of a control plane elsewhere and keeps it one: what is missing is obtained, the agent joins
 * once, and a supervisor of its own runs agent and Envoys from then on. A second time it only makes sure of it, with
 * the programs of this checkout. Returns the agent's sentence, or null when it had joined before.
 */
export async function joinMachine(home: string, wishes: JoinWishes): Promise<string | null> {
	requireRoot(process.getuid?.());
	requireKnownSystem();
	requireDisk(freeSpace(home));
	const { name } = wishes;
	const known = joinedHost(home, name);
	if (known !== null && known.installation === findInstallation(home)?.id)
		throw new AppError("conflict", `${name} is a host of the installation in ${home} itself: \`sluice up\` runs it.`);
	await requireOnlyHost(home, name);
	const socket = known?.dockerSocket ?? engineSocket(wishes.docker);
	const paths = pathsOf(home);
	for (const folder of [home, paths.logs, paths.run]) mkdirSync(folder, { recursive: true });
	await obtainHostPackages(socket);
	await step("Docker Engine", () => ensureEngineAt(socket, `${paths.logs}/engine.log`));
	const sentence = known === null ? await step(`Host ${name} joins`, () => join(home, wishes, socket)) : null;
	const config = known ?? joinedHost(home, name);
	if (config === null) throw new AppError("internal", `The host ${name} has joined, but ${paths.hosts} does not say so.`);
	recordHome(home, config.installation);
	await runJoined(home, config);
	return sentence;
}

/** The supervisor of a joined host, with agent and Envoys; one that runs is told what changed. */
async function runJoined(home: string, config: HostConfig): Promise<void> {
	const { envoy } = await obtainHostPrograms();
	const spec = specOfHost(setupOf(home, config, envoy), hostOf(config), config);
	await step(`Agent and Envoy of ${config.name}`, async () => {
		applySpec(checkout, spec);
		await waitReady(spec, readyDeadlineMs);
	});
}

/** Hosts of this home that belong to a control plane elsewhere. */
export function joinedElsewhere(home: string): HostConfig[] {
	const folder = pathsOf(home).hosts;
	const own = findInstallation(home)?.id;
	const names = existsSync(folder) ? readdirSync(folder).sort() : [];
	return names.flatMap((name) => {
		const config = joinedHost(home, name);
		return config === null || config.installation === own ? [] : [config];
	});
}

/**
 * Ends the host here: agent and Envoys, its containers, its names, its certificate. The control plane sees it silent;
 * there it is removed. Refused while its document names instances, unless forced. Returns the volumes with services'
 * data, which stay.
 */
export async function leaveMachine(home: string, name: string, isForced: boolean): Promise<string[]> {
	requireRoot(process.getuid?.());
	const config = joinedElsewhere(home).find((one) => one.name === name);
	if (config === undefined) {
		const hint = joinedHost(home, name) === null ? "" : ": it is the installation's own, which `sluice down` ends";
		throw new AppError("not-found", `No host ${name} of a control plane elsewhere has joined in ${home}${hint}.`);
	}
	const desired = readJson<{ instances: unknown[] }>(`${hostDirectory(home, name)}/desired.json`);
	const left = desired?.instances.length ?? 0;
	if (left > 0 && !isForced) {
		throw new AppError(
			"not-allowed-now",
			`${left} ${left === 1 ? "instance" : "instances"} should run on ${name}: run \`sluice host drain ${name}\` at the control plane and wait until it is drained, or leave with --force.`,
		);
	}
	await endJoined(home, config);
	rmSync(hostDirectory(home, name), { recursive: true, force: true });
	const isThere = (await engineApi(config.dockerSocket)) !== null;
	return isThere ? dataVolumes(engineAt(config.dockerSocket), config.installation) : [];
}

/** Agent, Envoys, names and containers; the certificate stays, so `host join` or `up` brings it back. */
export async function endJoined(home: string, config: HostConfig): Promise<void> {
	await endSupervisor(home, hostSupervisorName(config), endDeadlineMs);
	await endMarked(home, (marker) => marker.startsWith(`${home}:${config.name}-`));
	if ((await engineApi(config.dockerSocket)) !== null) {
		await emptyEngine(engineAt(config.dockerSocket), config.installation);
	}
	await unmountUnder(socketDirectory(config.installation, config.name));
	if ((await lockOwner(hostLock)) === null) await unrouteVirtualAddresses();
}

async function join(home: string, wishes: JoinWishes, socket: string): Promise<string> {
	const { name, relay, address, tokenFile } = wishes;
	if (relay === undefined || address === undefined || tokenFile === undefined)
		throw new AppError(
			"invalid",
			`${name} has not joined yet: give --relay, --address and --token-file, as \`sluice host token ${name}\` says.`,
		);
	const argv = ownProgram(
		checkout,
		"agents/main.ts",
		...["join", "--directory", hostDirectory(home, name), "--relay", relay, "--name", name, "--address", address],
		...["--docker", `unix://${socket}`, "--token-file", tokenFile],
	);
	const env = { ...process.env, ...ownEnvironment({ root: checkout, home }) };
	const result = await tryCommand(argv, { cwd: checkout, env, timeoutMs: 60_000 });
	if (result.code !== 0) throw new AppError("unavailable", `The host ${name} has not joined:\n${result.tail}`);
	return result.stdout.trim();
}

async function requireOnlyHost(home: string, name: string): Promise<void> {
	const other = joinedElsewhere(home).find((one) => one.name !== name);
	const owner = await lockOwner(hostLock);
	if (other === undefined && (owner === null || owner === home)) return;
	throw new AppError(
		"conflict",
		`This machine is a host already${other ? `, ${other.name}` : `, of the installation in ${owner}`}, and both would use the same addresses and ports: run \`${other ? `sluice host leave ${other.name}` : `SLUICE_HOME=${owner} sluice down`}\` first.`,
	);
}

/** The machine's own engine is started when it does not run; another must answer. */
async function ensureEngineAt(socket: string, log: string): Promise<void> {
	if (socket === engineSocket("")) return ensureEngine(log);
	if ((await engineApi(socket)) === null)
		throw new AppError("unavailable", `No Docker Engine answers at unix://${socket}: start it, then run this again.`);
}

/** No control plane is here: only what a host's own supervisor asks for. */
function setupOf(home: string, config: HostConfig, envoy: string): Setup {
	const installation = { id: config.installation, portBase: 0, domain: "", fleet: [] };
	return { root: checkout, home, installation, programs: { envoy, temporal: "", registry: "", prometheus: null } };
}

function hostOf({ name, address, roles, dockerSocket }: HostConfig): LocalHost {
	return { name, address, roles, dockerSocket, test: null };
}
