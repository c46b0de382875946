import { describe, expect, it } from "vitest";
import type { ServiceTraffic } from "@/domain/traffic/model";
import { type ClustersAnswer, parseClusters } from "./admin";
import { isShown, observe, type QuietCount } from "./observe";

function traffic(state: "active" | "draining"): ServiceTraffic {
	return {
		service: "orders",
		environment: "staging",
		revision: 1,
		virtualAddress: "10.254.0.3",
		gatewayHosts: [],
		ports: [{ name: "http", port: 8080, protocol: "http" }],
		releases: [
			{
				release: 1,
				weight: 100,
				health: { kind: "http", port: "http", path: "/" },
				endpoints: [{ instance: "a", address: "10.1.0.2", ports: { http: 20000 }, state }],
			},
		],
		requestTimeoutMs: 0,
		streamIdleTimeoutMs: 1000,
	};
}

function shown(health_status: object, active = 0) {
	const answer: ClustersAnswer = {
		cluster_statuses: [
			{
				name: "orders/staging/1/http",
				host_statuses: [
					{
						address: { socket_address: { address: "10.1.0.2", port_value: 20000 } },
						stats: [{ name: "rq_active", value: String(active) }],
						health_status,
					},
				],
			},
		],
	};
	return parseClusters(answer);
}

const draining = { eds_health_status: "DRAINING" };

describe("what a proxy shows of an endpoint", () => {
	it("is healthy only after a check passed", () => {
		const healthOf = (status: object) => observe([traffic("active")], shown(status), new Map(), 0)[0]?.health;
		expect(healthOf({ eds_health_status: "HEALTHY" })).toBe("healthy");
		expect(healthOf({ failed_active_health_check: true })).toBe("unhealthy");
		expect(healthOf({ failed_active_health_check: true, pending_active_hc: true })).toBe("unknown");
		expect(observe([traffic("active")], new Map(), new Map(), 0)[0]?.health).toBe("unknown");
	});

	it("is quiet after two samples 100 ms apart, and never while a request is in flight", () => {
		const quiet = new Map<string, QuietCount>();
		const samplesAt = (nowMs: number, active: number) =>
			observe([traffic("draining")], shown(draining, active), quiet, nowMs)[0]?.quietSamples;
		expect([samplesAt(0, 0), samplesAt(50, 0), samplesAt(100, 0)]).toEqual([1, 1, 2]);
		expect([samplesAt(200, 1), samplesAt(300, 0), samplesAt(399, 0), samplesAt(400, 0)]).toEqual([0, 1, 1, 2]);
	});

	it("is not quiet before Envoy itself shows it draining", () => {
		expect(observe([traffic("draining")], shown({}), new Map(), 0)[0]).toMatchObject({ draining: false, quietSamples: 0 });
	});

	it("is acknowledged only when exactly its endpoints are shown in their state", () => {
		expect(isShown(traffic("draining"), shown(draining))).toBe(true);
		expect(isShown(traffic("active"), shown(draining))).toBe(false);
		expect(isShown(traffic("draining"), new Map())).toBe(false);
	});
});
