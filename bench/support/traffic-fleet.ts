import type { ServiceTraffic, TrafficEndpoint } from "@/domain/traffic/model";

/** Every padding service has one release of so many endpoints; the measured one has two of half as many. */
const endpointsPerService = 10;

export const measured = { service: "measured", environment: "staging" } as const;
export const measuredHost = "measured.localhost";

export interface Upstreams {
	/** Port of each of the two releases of the measured service, on every loopback address. */
	readonly ports: readonly [number, number];
	/** Port of the padding's endpoints: accepts connections, answers nothing. */
	readonly padding: number;
}

/** So many endpoints in all, the measured service's included. */
export function trafficFleet(endpoints: number, upstreams: Upstreams): ServiceTraffic[] {
	const services = Math.max(1, Math.round(endpoints / endpointsPerService));
	const padding = Array.from({ length: services - 1 }, (_, index): ServiceTraffic => {
		const number = index + 1;
		return {
			...common(`padding-${number}`, number),
			revision: 1,
			releases: [
				{
					release: 1,
					weight: 100,
					health: { kind: "tcp", port: "http", path: "/" },
					endpoints: endpointsAt(number, 0, endpointsPerService, upstreams.padding),
				},
			],
		};
	});
	return [measuredTraffic(1, 1, upstreams), ...padding];
}

/** The measured service with all weight on one of its two releases. */
export function measuredTraffic(revision: number, leading: 1 | 2, { ports }: Upstreams): ServiceTraffic {
	const half = endpointsPerService / 2;
	return {
		...common(measured.service, 0),
		revision,
		releases: ([1, 2] as const).map((release) => ({
			release,
			weight: release === leading ? 100 : 0,
			health: { kind: "http", port: "http", path: "/healthz" },
			endpoints: endpointsAt(0, (release - 1) * half, half, ports[release - 1] ?? 0),
		})),
	};
}

function common(service: string, number: number) {
	return {
		service,
		environment: measured.environment,
		virtualAddress: `127.86.${Math.floor(number / 250)}.${(number % 250) + 1}`,
		gatewayHosts: [`${service}.localhost`],
		ports: [{ name: "http", port: 8080, protocol: "http" as const }],
		requestTimeoutMs: 0,
		streamIdleTimeoutMs: 3_600_000,
	};
}

function endpointsAt(service: number, first: number, count: number, port: number): TrafficEndpoint[] {
	return Array.from({ length: count }, (_, index) => ({
		instance: `${service}-${first + index}`,
		address: `127.${90 + Math.floor(service / 250)}.${(service % 250) + 1}.${first + index + 1}`,
		ports: { http: port },
		state: "active" as const,
	}));
}
