import { engineApi, engineAt, engineSocket } from "./docker-engine";
import { fleetOf, removeFleetNetwork } from "./fleet/network";
import { fleetHosts, type LocalHost, specOfEngineOnly } from "./host";
import { findInstallation } from "./installation";
import { removeContainers, removeNetworks, unrouteVirtualAddresses } from "./network";
import { checkout, type Setup } from "./setup";
import { endSupervisor, isSupervised, readStatus, waitReady, writeSpec } from "./supervisor/control";
import { findMarked, isAlive, signal } from "./supervisor/process";
import { until } from "./wait";

const hostDeadlineMs = 45_000;
const installationDeadlineMs = 120_000;

/**
 * Ends an installation: hosts' agents and Envoys, their containers, then everything else in order. Data stays, and so
 * does the machine's own engine. Answers false when there is no installation.
 */
export async function takeDown(home: string): Promise<boolean> {
	const installation = findInstallation(home);
	if (installation === null) return false;
	const setup: Setup = { root: checkout, home, installation, programs: { temporal: "", envoy: "", registry: "" } };
	const fleet = installation.fleet.length > 0 ? fleetOf(installation, home) : null;
	const hosts = fleet === null ? [] : fleetHosts(installation.id, fleet);
	await Promise.all(hosts.map((host) => emptyHost(setup, host)));
	await endSupervisor(home, "installation", installationDeadlineMs);
	await sweep(home);
	if ((await engineApi(engineSocket())) !== null) {
		await removeContainers(engineAt(engineSocket()), installation.id);
		await removeNetworks(engineAt(engineSocket()), installation.id);
	}
	if (fleet === null) await unrouteVirtualAddresses();
	else await removeFleetNetwork(fleet);
	return true;
}

/** A test host's containers outlive its engine, so they are removed while it still runs; the agent would bring them back. */
async function emptyHost(setup: Setup, host: LocalHost): Promise<void> {
	const spec = specOfEngineOnly(setup, host);
	const isUp = writeSpec(spec) && isSupervised(readStatus(setup.home, spec.name));
	if (isUp) await waitReady(spec, hostDeadlineMs).catch(() => undefined);
	if ((await engineApi(host.dockerSocket)) === null) return;
	await removeContainers(engineAt(host.dockerSocket), setup.installation.id);
	await removeNetworks(engineAt(host.dockerSocket), setup.installation.id);
}

/** What a supervisor that was killed left running: everything that carries this home's marker. */
async function sweep(home: string): Promise<void> {
	const left = [...findMarked(home).values()].map((marked) => marked.process);
	for (const id of left) signal(id, "SIGTERM", false);
	const isGone = () => left.every((id) => !isAlive(id));
	await until("the rest ends", 10_000, isGone).catch(() => {
		for (const id of left) signal(id, "SIGKILL", true);
	});
}
