import { engineAt, engineSocket } from "./docker-engine";
import { ensureFleetNetwork, fleetOf } from "./fleet/network";
import { writeRelayAddresses } from "./fleet/relay-addresses";
import { fleetHosts, hostComponent, joinedHost, type LocalHost, machineHost, specOfEngineOnly, specOfHost } from "./host";
import { joinHost } from "./join";
import { ensureHostBridge, routeVirtualAddresses } from "./network";
import { step } from "./progress";
import { checkout, type Setup } from "./setup";
import { specOfInstallation } from "./spec-of-installation";
import { applySpec, waitReady, writeSpec } from "./supervisor/control";
import type { ComponentSpec, SupervisorSpec } from "./supervisor/spec";

/** The hosts of this machine, and their supervisors as components of the installation's. */
export interface Hosts {
	readonly all: readonly LocalHost[];
	readonly components: readonly ComponentSpec[];
}

/** A pair of Envoys that is replaced drains one after the other. */
const readyDeadlineMs = 150_000;

/** The hosts as they are in this installation: by its network's addresses. Makes the network. */
export async function prepareHosts(setup: Setup): Promise<Hosts> {
	const all = await prepareNetwork(setup);
	for (const host of all) writeSpec(specOf(setup, host));
	// The machine's own host has nothing to run before it joined; a test host has its engine.
	const started = all.filter((host) => host.test !== null || joinedHost(setup.home, host.name) !== null);
	return { all, components: started.map((host) => hostComponent(setup, host)) };
}

async function prepareNetwork(setup: Setup): Promise<LocalHost[]> {
	const { installation, home } = setup;
	if (installation.fleet.length === 0) {
		const address = await ensureHostBridge(engineAt(engineSocket()), installation.id, home);
		await routeVirtualAddresses();
		writeRelayAddresses(home, ["127.0.0.1", ...(installation.relayAddresses ?? [])]);
		return [machineHost(address)];
	}
	const plan = fleetOf(installation, home);
	await ensureFleetNetwork(plan);
	writeRelayAddresses(home, ["127.0.0.1", plan.gateway, ...(installation.relayAddresses ?? [])]);
	return fleetHosts(installation.id, plan);
}

/** A host before it joined has its engine only. */
function specOf(setup: Setup, host: LocalHost): SupervisorSpec {
	const config = joinedHost(setup.home, host.name);
	return config === null ? specOfEngineOnly(setup, host) : specOfHost(setup, host, config);
}

/** Joins the hosts that have not, exactly as another machine would, and waits until all of them run. */
export async function bringUpHosts(setup: Setup, hosts: Hosts): Promise<void> {
	const engines = hosts.all.filter((host) => host.test !== null);
	if (engines.length > 0) await step("Engines of the test hosts", () => waitHosts(setup, engines));
	await Promise.all(
		hosts.all
			.filter((host) => joinedHost(setup.home, host.name) === null)
			.map((host) => step(`Host ${host.name} joins`, () => joinHost(setup, host))),
	);
	for (const host of hosts.all) writeSpec(specOf(setup, host));
	const spec = specOfInstallation(
		setup,
		hosts.all.map((host) => hostComponent(setup, host)),
	);
	applySpec(checkout, spec);
	await step("Hosts", async () => {
		await waitReady(spec, readyDeadlineMs);
		await waitHosts(setup, hosts.all);
	});
}

async function waitHosts(setup: Setup, hosts: readonly LocalHost[]): Promise<void> {
	await Promise.all(hosts.map((host) => waitReady(specOf(setup, host), readyDeadlineMs)));
}
