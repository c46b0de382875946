import { describe, expect, it } from "vitest";
import { clusterName } from "@/domain/names";
import { isFailure, targetOf } from "./outcome";

const fine = { code: 200, grpcStatus: null, isClientGone: false, isBroken: false };

describe("the outcome of a request", () => {
	it("is a failure when it was answered with 5xx, broken off, or not answered", () => {
		expect([200, 204, 302, 404, 429, 499].map((code) => isFailure({ ...fine, code }))).toEqual(Array(6).fill(false));
		expect([500, 503, 504, 599].map((code) => isFailure({ ...fine, code }))).toEqual(Array(4).fill(true));
		expect(isFailure({ ...fine, code: 0 })).toBe(true);
		expect(isFailure({ ...fine, isBroken: true })).toBe(true);
	});

	it("is no failure when the client went away, unless it had been told 5xx", () => {
		expect(isFailure({ ...fine, code: 0, isClientGone: true })).toBe(false);
		expect(isFailure({ ...fine, isClientGone: true, isBroken: true })).toBe(false);
		expect(isFailure({ ...fine, code: 503, isClientGone: true })).toBe(true);
	});

	it("is no failure when an upgraded connection ends, however it does", () => {
		expect(isFailure({ ...fine, code: 101, isBroken: true })).toBe(false);
	});

	it("is a failure of gRPC when the server is at fault, not its caller", () => {
		const failing = Array.from({ length: 17 }, (_, status) => status).filter((grpcStatus) => isFailure({ ...fine, grpcStatus }));
		expect(failing).toEqual([2, 4, 12, 13, 14, 15]);
	});
});

describe("what a request was meant for", () => {
	it("is the release of its cluster; release 0 when Envoy answered before it chose one; else nothing", () => {
		const cluster = clusterName("orders", "staging", 12, "http");
		expect(targetOf({ cluster, route: "orders/staging" })).toEqual({ service: "orders", environment: "staging", release: 12 });
		expect(targetOf({ cluster: "", route: "orders/staging" })).toEqual({ service: "orders", environment: "staging", release: 0 });
		expect(targetOf({ cluster: "", route: "" })).toBeNull();
		expect(targetOf({ cluster: "ads", route: "" })).toBeNull();
	});
});
