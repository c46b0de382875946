import { describe, expect, it } from "vitest";
import type { HostConfig } from "@/domain/host/model";
import type { ServiceTraffic, TrafficEndpoint, TrafficRelease } from "@/domain/traffic/model";
import { checkedConfiguration, structureOf } from "./structure";

const endpoint = (instance: string): TrafficEndpoint => ({
	instance,
	address: "10.1.0.2",
	ports: { http: 20000 },
	state: "active",
});

const health = { kind: "http", port: "http", path: "/health" } as const;

const traffic: ServiceTraffic = {
	service: "orders",
	environment: "staging",
	revision: 7,
	virtualAddress: "10.254.0.3",
	gatewayHosts: ["orders.staging.localhost"],
	ports: [{ name: "http", port: 8080, protocol: "http" }],
	releases: [
		{ release: 1, weight: 100, health, endpoints: [endpoint("a")] },
		{ release: 2, weight: 0, health, endpoints: [endpoint("b")] },
	],
	requestTimeoutMs: 0,
	streamIdleTimeoutMs: 3_600_000,
};

const host: HostConfig = {
	installation: "abc123",
	name: "h1",
	address: "10.1.0.2",
	roles: ["gateway", "node"],
	relay: "https://10.1.0.1:7401",
	dockerSocket: "/run/docker.sock",
	gatewayPort: 7407,
	forwarderPort: 7408,
};

const release = { release: 1, weight: 100, health, endpoints: [endpoint("a")] } as const;
const releases = (...changes: Partial<TrafficRelease>[]): ServiceTraffic => ({
	...traffic,
	revision: 8,
	releases: changes.map((change) => ({ ...release, ...change })),
});

describe("the structure of a service's configuration", () => {
	it("is the same at every weight, with other endpoints, and in the next release", () => {
		const same = [
			releases({ weight: 40 }, { release: 2, weight: 60 }),
			releases({ endpoints: [endpoint("c"), { ...endpoint("d"), state: "draining" }] }),
			releases({ release: 12 }),
		];
		for (const other of same) expect(structureOf(other)).toEqual(structureOf(traffic));
	});

	it("is another with another check, port, host name, limit, or with nothing placed yet", () => {
		const others = [
			releases({ health: { kind: "http", port: "http", path: "/ready" } }),
			releases({ endpoints: [] }),
			{ ...traffic, ports: [{ name: "http", port: 8081, protocol: "http" as const }] },
			{ ...traffic, gatewayHosts: [] },
			{ ...traffic, requestTimeoutMs: 1000 },
		];
		for (const other of others) expect(structureOf(other)).not.toEqual(structureOf(traffic));
	});

	it("is checked with its routes in place: a name alone would be checked by nobody", () => {
		const text = JSON.stringify(checkedConfiguration(host, [structureOf(traffic)]));
		expect(text).not.toContain('"rds"');
		expect(text.match(/"route_config":\{"name"/g)).toHaveLength(2);
		expect(text).toContain("orders.staging.localhost");
	});
});
