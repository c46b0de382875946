import { describe, expect, it } from "vitest";
import type { RunningVersion, ServiceRow } from "@/server/views";
import { environmentsOf, isFound } from "./filter";

function version(environment: string, state: RunningVersion["state"]): RunningVersion {
	return {
		environment,
		confirmation: "none",
		stable: null,
		rollout: null,
		declared: 1,
		healthy: 1,
		problem: null,
		state,
		url: null,
		curl: null,
	};
}

const service: ServiceRow = {
	name: "orders",
	description: "Takes orders",
	owner: "shop",
	repository: null,
	environments: [version("staging", "healthy"), version("production", "failed")],
};

describe("the catalog's filter", () => {
	it("looks for every word, in any of the fields", () => {
		expect(isFound(service, { q: "shop TAKES", environment: "", state: "" })).toBe(true);
		expect(isFound(service, { q: "shop sells", environment: "", state: "" })).toBe(false);
	});

	it("wants state and environment in one and the same place", () => {
		expect(isFound(service, { q: "", environment: "production", state: "failed" })).toBe(true);
		expect(isFound(service, { q: "", environment: "staging", state: "failed" })).toBe(false);
	});

	it("offers each environment once", () => {
		expect(environmentsOf([service, service])).toEqual(["staging", "production"]);
	});
});
