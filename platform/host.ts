import { mkdirSync } from "node:fs";
import { adminSocket, bootstrapOf, drainTimeS, envoyArguments } from "@/domain/envoy/bootstrap";
import { isPaired, proxyNumbers } from "@/domain/envoy/pair";
import type { HostConfig } from "@/domain/host/model";
import { hostDirectory, machineDirectory, ownHostName, socketDirectory } from "@/domain/installation";
import { readJson, writeAtomically } from "./atomic-file";
import { engineSocket } from "./docker-engine";
import { fingerprintOf, fingerprintOfSources } from "./fingerprint";
import { namespaceFile } from "./fleet/network";
import type { FleetPlan, TestHost } from "./fleet/plan";
import { ownEnvironment, ownProgram, type Setup, service } from "./setup";
import { supervisorProgram, supervisorSources } from "./supervisor/control";
import { type ComponentSpec, type SupervisorSpec, specFile } from "./supervisor/spec";
import { versions } from "./versions";

/** A host of this machine: the machine itself with its engine, or a test host in a namespace with a dockerd of its own. */
export interface LocalHost {
	readonly name: string;
	readonly address: string;
	readonly dockerSocket: string;
	readonly roles: readonly ("gateway" | "node")[];
	/** null = the machine itself. */
	readonly test: TestHost | null;
}

export function machineHost(address: string): LocalHost {
	return { name: ownHostName, address, dockerSocket: engineSocket(), roles: ["gateway", "node"], test: null };
}

/** From three on, two are gateways. A host keeps the roles it joined with when the fleet grows. */
export function fleetHosts(installation: string, plan: FleetPlan): LocalHost[] {
	const gateways = plan.hosts.length >= 3 ? 2 : 1;
	return plan.hosts.map((test, index) => ({
		name: test.name,
		address: test.address,
		dockerSocket: `${socketDirectory(installation, test.name)}/docker.sock`,
		roles: index < gateways ? ["gateway", "node"] : ["node"],
		test,
	}));
}

/** `nsenter`, not `ip netns exec`: the latter mounts /sys anew and hides the cgroups from dockerd. */
export function inside(host: LocalHost, argv: readonly string[]): string[] {
	return host.test === null ? [...argv] : ["nsenter", `--net=${namespaceFile(host.test.namespace)}`, ...argv];
}

export function hostSupervisorName(host: Pick<LocalHost, "name">): string {
	return `host-${host.name}`;
}

/** What the agent wrote when the host joined; null = it has not. */
export function joinedHost(home: string, name: string): HostConfig | null {
	return readJson<HostConfig>(`${hostDirectory(home, name)}/host.json`);
}

/** The engine of a test host: its images under /var/lib, its sockets under /run. */
function engine(setup: Setup, host: LocalHost): ComponentSpec[] {
	if (host.test === null) return [];
	const sockets = socketDirectory(setup.installation.id, host.name);
	const data = `${machineDirectory(setup.installation.id)}/hosts/${host.name}/docker`;
	return [
		service(setup, "dockerd", {
			argv: [
				...["dockerd", "--live-restore", "--data-root", data, "--exec-root", `${sockets}/exec`],
				...["--pidfile", `${sockets}/dockerd.pid`, "--host", `unix://${sockets}/docker.sock`],
			],
			outlives: ["agent", envoyName(0), envoyName(1)],
			ready: { kind: "engine", socket: host.dockerSocket },
			staleFiles: [`${sockets}/dockerd.pid`, `${sockets}/docker.sock`, `${sockets}/exec/containerd/containerd.pid`],
			stop: { signal: "SIGTERM", deadlineMs: 30_000 },
			fingerprint: fingerprintOf([data, sockets]),
		}),
	];
}

function agent(setup: Setup, host: LocalHost): ComponentSpec {
	return service(setup, "agent", {
		argv: ownProgram(setup.root, "agents/main.ts", "run", "--directory", hostDirectory(setup.home, host.name)),
		// The agent checks a changed configuration with the Envoy that will run it.
		env: { ...ownEnvironment(setup), SLUICE_ENVOY: setup.programs.envoy },
		ready: { kind: "running" },
		stop: { signal: "SIGTERM", deadlineMs: 10_000 },
		fingerprint: fingerprintOfSources(setup.root, ["agents", "domain", "adapters", "package-lock.json"]),
	});
}

function envoyFile(setup: Setup, host: LocalHost, proxy: number): string {
	return `${hostDirectory(setup.home, host.name)}/envoy-${proxy}.json`;
}

function envoyName(proxy: number): string {
	return `envoy-${proxy}`;
}

/** After the drain time: long enough for requests and downloads; a WebSocket may not end by itself. */
const quietDeadlineMs = 30_000;

function envoy(setup: Setup, host: LocalHost, config: HostConfig, proxy: number): ComponentSpec {
	const bootstrap = bootstrapOf(config, proxy);
	const configFile = envoyFile(setup, host, proxy);
	writeAtomically(configFile, JSON.stringify(bootstrap, null, "\t"));
	const argv = envoyArguments({ envoy: setup.programs.envoy, configFile, concurrency: null });
	const socket = adminSocket(config, proxy);
	const hasPeer = isPaired(config);
	const drainMs = drainTimeS * 1000 + (hasPeer ? quietDeadlineMs : 0);
	return service(setup, envoyName(proxy), {
		argv,
		staleFiles: [socket],
		ready: { kind: "envoy", socket },
		stop: { signal: "SIGTERM", deadlineMs: drainMs + 10_000 },
		drain: { kind: "envoy", socket, hasPeer, deadlineMs: drainMs },
		takesTurnsWith: proxyNumbers(config)
			.filter((other) => other !== proxy)
			.map(envoyName),
		// A listener cannot begin to share its socket in place.
		fingerprint: fingerprintOf([versions.envoy.version, argv, bootstrap, hasPeer]),
	});
}

/** The spec of a joined host's own supervisor. Envoy and agent need nothing of the control plane to start. */
export function specOfHost(setup: Setup, host: LocalHost, config: HostConfig): SupervisorSpec {
	makeSocketDirectory(setup, host);
	const envoys = proxyNumbers(config).map((proxy) => envoy(setup, host, config, proxy));
	return hostSpec(setup, host, [...engine(setup, host), agent(setup, host), ...envoys]);
}

/** Envoy's admin and the agent's ADS are here: only root enters. */
function makeSocketDirectory(setup: Setup, host: LocalHost): void {
	mkdirSync(socketDirectory(setup.installation.id, host.name), { recursive: true, mode: 0o700 });
}

/** Only the engine: before the host joins, and at the end, when its containers are removed. */
export function specOfEngineOnly(setup: Setup, host: LocalHost): SupervisorSpec {
	makeSocketDirectory(setup, host);
	return hostSpec(setup, host, engine(setup, host));
}

function hostSpec(setup: Setup, host: LocalHost, components: readonly ComponentSpec[]): SupervisorSpec {
	// One host a network namespace: two would both use 10.254.0.1 and port 20000.
	const locks = [`sluice-supervisor-${setup.installation.id}-${host.name}`, hostLock];
	return { name: hostSupervisorName(host), home: setup.home, program: supervisorSources(setup.root), locks, components };
}

export const hostLock = "sluice-host";

/** The host's supervisor as a component of the installation's, which starts it again when it is killed. */
export function hostComponent(setup: Setup, host: LocalHost): ComponentSpec {
	const name = hostSupervisorName(host);
	return service(setup, name, {
		argv: inside(host, supervisorProgram(setup.root, setup.home, name)),
		env: ownEnvironment(setup),
		ready: { kind: "running" },
		stop: { signal: "SIGTERM", deadlineMs: 60_000 },
		fingerprint: fingerprintOf([host, specFile(setup.home, name)]),
	});
}
