import type { WorkloadSpec } from "@/domain/manifest/model";
import { gatewayHosts } from "@/domain/names";
import type { TrafficIntent } from "@/domain/rollout/action";
import type { HealthCheck, ServiceTraffic, TrafficPort } from "@/domain/traffic/model";

export interface TrafficInputs {
	readonly service: string;
	readonly environment: { readonly name: string; readonly primary: boolean };
	readonly domain: string;
	readonly virtualAddress: string;
	/** Release -> how it runs here; a release only left over from before may be missing. */
	readonly workloads: ReadonlyMap<number, WorkloadSpec>;
	/** Where each instance is: fixed for its life. */
	readonly addresses: ReadonlyMap<string, { address: string; ports: Readonly<Record<string, number>> }>;
	/** What served stops before its successor starts: while nothing serves it is being replaced. */
	readonly hasDowntime: boolean;
	/** null = never published. */
	readonly current: ServiceTraffic | null;
}

/** An intent with the addresses filled in; everything but the revision. The release with most weight says how the service is reached. */
export function buildTraffic(intent: TrafficIntent, inputs: TrafficInputs): Omit<ServiceTraffic, "revision"> {
	const byWeight = [...intent.releases].sort((a, b) => b.weight - a.weight || b.release - a.release);
	const workloads = byWeight.map((release) => inputs.workloads.get(release.release)).filter((workload) => workload !== undefined);
	const [leading = [...inputs.workloads.values()][0]] = workloads;
	const { current } = inputs;
	return {
		service: inputs.service,
		environment: inputs.environment.name,
		virtualAddress: inputs.virtualAddress,
		gatewayHosts: leading?.exposed ? gatewayHosts(inputs.service, inputs.environment, inputs.domain) : [],
		ports: unionOfPorts(workloads.length > 0 ? workloads.map((workload) => workload.ports) : [current?.ports ?? []]),
		releases: intent.releases.map((release) => ({
			release: release.release,
			weight: release.weight,
			health: healthOf(release.release, inputs),
			endpoints: release.endpoints.flatMap((endpoint) => {
				const place = inputs.addresses.get(endpoint.instance);
				const state = endpoint.phase === "draining" ? "draining" : "active";
				return place ? [{ instance: endpoint.instance, address: place.address, ports: place.ports, state }] : [];
			}),
		})),
		...(inputs.hasDowntime && intent.releases.every(({ weight }) => weight === 0) ? { isBeingReplaced: true as const } : {}),
		requestTimeoutMs: leading?.requestTimeoutMs ?? current?.requestTimeoutMs ?? 0,
		streamIdleTimeoutMs: leading?.streamIdleTimeoutMs ?? current?.streamIdleTimeoutMs ?? 3_600_000,
	};
}

/** Each name once, the first list first: a port only the other release has stays reachable until that release is gone. */
function unionOfPorts(lists: readonly (readonly TrafficPort[])[]): TrafficPort[] {
	const ports = new Map<string, TrafficPort>();
	for (const { name, port, protocol } of lists.flat()) if (!ports.has(name)) ports.set(name, { name, port, protocol });
	return [...ports.values()];
}

function healthOf(release: number, inputs: TrafficInputs): HealthCheck {
	const known =
		inputs.workloads.get(release)?.health ?? inputs.current?.releases.find((published) => published.release === release)?.health;
	return known ?? { kind: "tcp", port: inputs.current?.ports[0]?.name ?? "http", path: "/" };
}
