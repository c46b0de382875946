import type { EndpointReport } from "@/domain/host/model";
import { clusterName } from "@/domain/names";
import type { ServiceTraffic, TrafficEndpoint, TrafficRelease } from "@/domain/traffic/model";
import type { ClusterStatuses, HostStatus } from "./admin";

/** Two samples may not come from the same instant of Envoy's own statistics. */
const quietAfterMs = 100;

export interface QuietCount {
	readonly samples: number;
	readonly atMs: number;
}

function endpointKey(traffic: ServiceTraffic, release: number, instance: string): string {
	return `${traffic.service}/${traffic.environment}/${release}/${instance}`;
}

/** What one proxy shows of every endpoint it was told, instance by instance. Pure: the clock comes in. */
export function observe(
	services: readonly ServiceTraffic[],
	clusters: ClusterStatuses,
	quiet: Map<string, QuietCount>,
	nowMs: number,
): EndpointReport[] {
	const seen = new Set<string>();
	const reports = services.flatMap((traffic) =>
		traffic.releases.flatMap((release) =>
			release.endpoints.map((endpoint) => {
				const { statuses, isComplete, active } = statusOf(traffic, release, endpoint, clusters);
				const draining = isComplete && statuses.every((status) => status.isDraining);
				const key = endpointKey(traffic, release.release, endpoint.instance);
				seen.add(key);
				const quietSamples = countQuiet(quiet, key, draining && active === 0, nowMs);
				return {
					service: traffic.service,
					environment: traffic.environment,
					release: release.release,
					instance: endpoint.instance,
					health: healthOf(statuses, isComplete),
					draining,
					active,
					quietSamples,
				};
			}),
		),
	);
	for (const key of quiet.keys()) if (!seen.has(key)) quiet.delete(key);
	return reports;
}

export function clusterNamesOf({ service, environment, releases, ports }: ServiceTraffic): string[] {
	return releases.flatMap(({ release }) => ports.map(({ name }) => clusterName(service, environment, release, name)));
}

/** True when Envoy's clusters hold exactly the endpoints of this traffic, each in its state. */
export function isShown(traffic: ServiceTraffic, clusters: ClusterStatuses): boolean {
	return traffic.releases.every((release) =>
		traffic.ports.every((port) => {
			const expected = release.endpoints.filter((endpoint) => endpoint.ports[port.name] !== undefined);
			if (release.endpoints.length > 0 && expected.length === 0) return true;
			const hosts = clusters.get(clusterName(traffic.service, traffic.environment, release.release, port.name));
			if (!hosts || hosts.length !== expected.length) return false;
			return expected.every((endpoint) =>
				hosts.some((host) => isAt(host, endpoint, port.name) && host.isDraining === (endpoint.state === "draining")),
			);
		}),
	);
}

/** True while a poll every 100 ms is worth it: something drains, or is not healthy yet. */
export function isMoving(reports: readonly EndpointReport[], services: readonly ServiceTraffic[]): boolean {
	const draining = new Set(
		services.flatMap((traffic) =>
			traffic.releases.flatMap((release) =>
				release.endpoints
					.filter((endpoint) => endpoint.state === "draining")
					.map((endpoint) => endpointKey(traffic, release.release, endpoint.instance)),
			),
		),
	);
	return draining.size > 0 || reports.some((report) => report.health !== "healthy");
}

function statusOf(traffic: ServiceTraffic, release: TrafficRelease, endpoint: TrafficEndpoint, clusters: ClusterStatuses) {
	const ports = traffic.ports.filter((port) => endpoint.ports[port.name] !== undefined);
	const statuses: HostStatus[] = [];
	let active = 0;
	for (const port of ports) {
		const hosts = clusters.get(clusterName(traffic.service, traffic.environment, release.release, port.name)) ?? [];
		const host = hosts.find((candidate) => isAt(candidate, endpoint, port.name));
		if (!host) continue;
		statuses.push(host);
		active += port.protocol === "tcp" ? host.connections : host.requests;
	}
	return { statuses, isComplete: ports.length > 0 && statuses.length === ports.length, active };
}

function isAt(host: HostStatus, endpoint: TrafficEndpoint, port: string): boolean {
	return host.address === endpoint.address && host.port === endpoint.ports[port];
}

function healthOf(statuses: readonly HostStatus[], isComplete: boolean): EndpointReport["health"] {
	if (!isComplete || statuses.some((status) => status.isPending)) return "unknown";
	return statuses.every((status) => status.isHealthy) ? "healthy" : "unhealthy";
}

function countQuiet(quiet: Map<string, QuietCount>, key: string, isQuiet: boolean, nowMs: number): number {
	const before = quiet.get(key);
	if (!isQuiet) {
		quiet.delete(key);
		return 0;
	}
	if (before && nowMs - before.atMs < quietAfterMs) return before.samples;
	const samples = (before?.samples ?? 0) + 1;
	quiet.set(key, { samples, atMs: nowMs });
	return samples;
}
