import { describe, expect, it } from "vitest";
import type { HostConfig } from "@/domain/host/model";
import type { ServiceTraffic } from "@/domain/traffic/model";
import { proxyNumbers } from "./pair";
import { gatewayResources, resourcesOf } from "./resources";
import { weightedClusters } from "./routes";

const traffic: ServiceTraffic = {
	service: "orders",
	environment: "staging",
	revision: 7,
	virtualAddress: "10.254.0.3",
	gatewayHosts: ["orders.staging.localhost"],
	ports: [
		{ name: "http", port: 8080, protocol: "http" },
		{ name: "grpc", port: 9090, protocol: "h2c" },
		{ name: "db", port: 5432, protocol: "tcp" },
	],
	releases: [
		{
			release: 1,
			weight: 87.66,
			health: { kind: "http", port: "http", path: "/health" },
			endpoints: [
				{ instance: "a", address: "10.1.0.2", ports: { http: 20000, grpc: 20001, db: 20002 }, state: "active" },
				{ instance: "b", address: "10.1.0.3", ports: { http: 20000, grpc: 20001, db: 20002 }, state: "draining" },
			],
		},
		{
			release: 2,
			weight: 12.34,
			health: { kind: "tcp", port: "http", path: "/" },
			endpoints: [{ instance: "c", address: "10.1.0.2", ports: { http: 20003, grpc: 20004, db: 20005 }, state: "active" }],
		},
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

const at = (weights: number[]): ServiceTraffic => ({
	...traffic,
	releases: traffic.releases.map((release, index) => ({ ...release, weight: weights[index] ?? 0 })),
});
const textOf = (value: unknown) => JSON.stringify(value, null, 2);
const of = (kind: string, from = traffic) => resourcesOf(from, host).filter((resource) => resource.kind === kind);

describe("Envoy resources of a service", () => {
	it("are exactly the golden files", async () => {
		for (const kind of ["cluster", "endpoints", "listener", "route"])
			await expect(textOf(of(kind))).toMatchFileSnapshot(`golden/${kind}.golden`);
		await expect(textOf(gatewayResources(host, [traffic]))).toMatchFileSnapshot("golden/gateway.golden");
	});

	it("has a cluster for each release and port, named by both", () => {
		expect(of("cluster").map((cluster) => cluster.name)).toEqual([
			"orders/staging/1/http",
			"orders/staging/1/grpc",
			"orders/staging/1/db",
			"orders/staging/2/http",
			"orders/staging/2/grpc",
			"orders/staging/2/db",
		]);
	});

	it("keeps a draining endpoint in the list, as draining", () => {
		expect(textOf(of("endpoints")[0]?.body)).toContain('"DRAINING"');
	});

	it("divides 10,000 parts by weights with two decimals", () => {
		expect(traffic.ports.map((port) => weightedClusters(traffic, port).map((part) => part.weight))).toEqual([
			[8766, 1234],
			[8766, 1234],
			[8766, 1234],
		]);
	});

	it("names a release with weight 0 in no route and no listener, and still warms its cluster", () => {
		const warm = at([100, 0]);
		expect(textOf([...of("route", warm), ...of("listener", warm), ...gatewayResources(host, [warm])])).not.toContain(
			"staging/2/",
		);
		expect(of("cluster", warm)).toHaveLength(6);
	});

	it("answers 503 with a sentence when nothing serves, and refuses tcp", () => {
		const idle = at([0, 0]);
		expect(textOf(of("route", idle))).toContain("No instance of orders serves in staging");
		expect(of("listener", idle).map((listener) => listener.name)).toEqual(["orders/staging/http", "orders/staging/grpc"]);
	});

	it("never cuts a stream by a total time: the route has none, and an hour of silence", () => {
		expect(textOf(of("route"))).toContain('"timeout": "0s"');
		expect(textOf(of("route"))).toContain('"idle_timeout": "3600s"');
	});

	it("shifts http traffic without touching a listener", () => {
		const http = (from: ServiceTraffic) => of("listener", from).filter((listener) => !listener.name.endsWith("/db"));
		expect(http(at([0, 100]))).toEqual(http(at([100, 0])));
	});

	it("gives a host without the gateway role no gateway", () => {
		expect(gatewayResources({ ...host, roles: ["node"] }, [traffic])).toEqual([]);
	});

	it("shares its sockets only where a host has a pair", () => {
		const shared = (roles: HostConfig["roles"]) =>
			resourcesOf(traffic, { roles })
				.filter(({ kind }) => kind === "listener")
				.map(({ body }) => body.enable_reuse_port);
		expect(proxyNumbers({ roles: ["gateway", "node"] })).toEqual([0, 1]);
		expect(shared(["gateway", "node"])).toEqual([true, true, true]);
		expect(proxyNumbers({ roles: ["node"] })).toEqual([0]);
		expect(shared(["node"])).toEqual([false, false, false]);
	});

	it("listens on loopback too on the machine of the control plane, and only there", () => {
		const addresses = (name: string) => textOf(gatewayResources({ ...host, name }, [traffic])[0]?.body.additional_addresses);
		expect(addresses("local")).toContain('"127.0.0.1"');
		expect(addresses("h1")).toBe(undefined);
	});
});
