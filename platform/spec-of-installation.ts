import { readServers } from "@/adapters/installation/servers";
import { git } from "./git";
import { portal } from "./portal";
import { postgres } from "./postgres";
import { prometheus } from "./prometheus";
import { registry } from "./registry";
import { relay } from "./relay";
import type { Setup } from "./setup";
import { supervisorSources } from "./supervisor/control";
import type { ComponentSpec, SupervisorSpec } from "./supervisor/spec";
import { tasks } from "./tasks/tasks";
import { temporal } from "./temporal";
import { worker } from "./worker";

/** All of an installation's control plane, as the supervisor's data; `hosts` are the supervisors of joined hosts. */
export function specOfInstallation(setup: Setup, hosts: readonly ComponentSpec[]): SupervisorSpec {
	const own = readServers(setup.home);
	const has = { postgres: own.databaseUrl === null, temporal: own.temporalAddress === null };
	const charts = prometheus(setup);
	const components = [
		...(has.postgres ? [postgres(setup)] : []),
		...(has.temporal ? [temporal(setup)] : []),
		registry(setup),
		...tasks(setup, has),
		relay(setup),
		worker(setup),
		git(setup),
		portal(setup),
		...(charts ? [charts] : []),
		...hosts,
	];
	return {
		name: "installation",
		home: setup.home,
		program: supervisorSources(setup.root),
		locks: [`sluice-supervisor-${setup.installation.id}`],
		components,
	};
}
