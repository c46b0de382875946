import { machineDirectory, socketRoot } from "@/domain/installation";
import { engineApi, engineAt, engineSocket } from "./docker-engine";
import { fleetOf, removeFleetNetwork } from "./fleet/network";
import { fleetHosts, hostLock, type LocalHost, specOfEngineOnly } from "./host";
import { findInstallation } from "./installation";
import { endJoined, joinedElsewhere } from "./joined";
import { lockOwner } from "./lock";
import { emptyEngine, unrouteVirtualAddresses } from "./network";
import { checkout, type Setup } from "./setup";
import { endSupervisor, isSupervised, readStatus, waitReady, writeSpec } from "./supervisor/control";
import { endMarked } from "./supervisor/end-marked";
import { unmountUnder } from "./unmount";

const hostDeadlineMs = 45_000;
const installationDeadlineMs = 120_000;

/**
 * Ends an installation: hosts' agents and Envoys, their containers, then everything else in order. Data stays, and so
 * does the machine's own engine. A host of a control plane elsewhere ends, too, and stays joined. Answers false when there is nothing of it.
 */
export async function takeDown(home: string): Promise<boolean> {
	const installation = findInstallation(home);
	const joined = joinedElsewhere(home);
	for (const config of joined) await endJoined(home, config);
	if (installation === null) return joined.length > 0;
	const setup: Setup = {
		root: checkout,
		home,
		installation,
		programs: { temporal: "", envoy: "", registry: "", prometheus: null },
	};
	const fleet = installation.fleet.length > 0 ? fleetOf(installation, home) : null;
	const hosts = fleet === null ? [] : fleetHosts(installation.id, fleet);
	await Promise.all(hosts.map((host) => emptyHost(setup, host)));
	await endSupervisor(home, "installation", installationDeadlineMs);
	// What a supervisor that was killed left running.
	await endMarked(home, () => true);
	if ((await engineApi(engineSocket())) !== null) {
		await emptyEngine(engineAt(engineSocket()), installation.id);
	}
	for (const folder of [socketRoot(installation.id), machineDirectory(installation.id)]) await unmountUnder(folder);
	if (fleet !== null) await removeFleetNetwork(fleet);
	// Another installation may have its host on this machine by now: the route is its own then.
	else if ((await lockOwner(hostLock)) === null) await unrouteVirtualAddresses();
	return true;
}

/** A test host's containers outlive its engine, so they are removed while it still runs; the agent would bring them back. */
async function emptyHost(setup: Setup, host: LocalHost): Promise<void> {
	const spec = specOfEngineOnly(setup, host);
	writeSpec(spec);
	const isSomeoneThere = isSupervised(readStatus(setup.home, spec.name)) || isSupervised(readStatus(setup.home, "installation"));
	if (isSomeoneThere) await waitReady(spec, hostDeadlineMs).catch(() => undefined);
	else await endMarked(setup.home, (name) => name.endsWith(`:${host.name}-agent`));
	if ((await engineApi(host.dockerSocket)) === null) return;
	await emptyEngine(engineAt(host.dockerSocket), setup.installation.id);
}
