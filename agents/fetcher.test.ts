import { expect, test } from "vitest";
import type { ServiceTraffic } from "@/domain/traffic/model";
import { isNewer, withoutOlder } from "./fetcher";

const traffic = (service: string, revision: number): ServiceTraffic => ({
	service,
	environment: "staging",
	revision,
	virtualAddress: "10.254.0.1",
	gatewayHosts: [],
	ports: [],
	releases: [],
	requestTimeoutMs: 0,
	streamIdleTimeoutMs: 0,
});
const snapshot = (...services: ServiceTraffic[]) => ({ installation: "inst01", services });

test("a desired document with an older or the same revision is refused", () => {
	expect(isNewer({ revision: 6 }, { revision: 7 })).toBe(false);
	expect(isNewer({ revision: 7 }, { revision: 7 })).toBe(false);
	expect(isNewer({ revision: 8 }, { revision: 7 })).toBe(true);
	expect(isNewer({ revision: 0 }, null)).toBe(true);
});

test("an older revision of one service never replaces the newer one, and the others are taken", () => {
	const known = snapshot(traffic("orders", 5), traffic("carts", 2), traffic("removed", 9));
	const offered = snapshot(traffic("orders", 4), traffic("carts", 3));
	expect(withoutOlder(offered, known)).toEqual(snapshot(traffic("orders", 5), traffic("carts", 3)));
});
