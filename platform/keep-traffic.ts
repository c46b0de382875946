import { readJson } from "./atomic-file";
import { findInstallation } from "./installation";
import { checkout } from "./setup";
import { applySpec, isSupervised, readStatus, waitReady } from "./supervisor/control";
import { endMarked } from "./supervisor/end-marked";
import { findMarked } from "./supervisor/process";
import { type SupervisorSpec, specFile } from "./supervisor/spec";
import { until } from "./wait";

const deadlineMs = 90_000;

/**
 * Ends the control plane only. Agents, Envoys, engines and instances go on as they are, looked after by their hosts'
 * supervisors, and those by the installation's, which has nothing else left to do; `up` gives it the rest again. Answers
 * false when nothing runs.
 */
export async function keepTraffic(home: string): Promise<boolean> {
	const installation = findInstallation(home);
	const spec = readJson<SupervisorSpec>(specFile(home, "installation"));
	const isThere = isSupervised(readStatus(home, "installation")) || findMarked(home).size > 0;
	if (installation === null || spec === null || !isThere) return false;
	const isHost = (name: string) => name.startsWith("host-");
	const hostsOnly: SupervisorSpec = { ...spec, components: spec.components.filter(({ name }) => isHost(name)) };
	applySpec(checkout, hostsOnly);
	await waitReady(hostsOnly, deadlineMs);
	await until("the control plane ends", deadlineMs, () => {
		const components = readStatus(home, "installation")?.components ?? [];
		return components.every(({ name, process }) => isHost(name) || process === null);
	});
	// What a supervisor that was killed left running: the new one knows only what it should run.
	const ended = new Set(spec.components.map(({ name }) => name).filter((name) => !isHost(name)));
	await endMarked(home, (marker) => ended.has(marker.slice(home.length + 1)));
	return true;
}
