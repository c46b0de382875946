import { describe, expect, it } from "vitest";
import { instanceId } from "@/domain/rollout/instance-id";
import { type PlaceableHost, place } from "@/domain/rollout/place";
import { intentHash, makePlan } from "@/domain/rollout/plan";
import { release, workload } from "@/domain/rollout/testing/fixtures";

const mib = 1 << 20;
function host(id: string, overrides: Partial<PlaceableHost> = {}): PlaceableHost {
	return { id, isUsable: true, memoryBytes: 1_024 * mib, requestedMemoryBytes: 0, siblings: 0, ...overrides };
}

describe("place", () => {
	it("spreads first, then takes the host with most free memory, then the first by id", () => {
		expect(place([host("h2"), host("h1")], 3, 64 * mib)).toEqual(["h1", "h2", "h1"]);
		expect(place([host("h1", { requestedMemoryBytes: 500 * mib }), host("h2")], 1, 64 * mib)).toEqual(["h2"]);
		expect(place([host("h1", { siblings: 1 }), host("h2", { requestedMemoryBytes: 500 * mib })], 1, 64 * mib)).toEqual(["h2"]);
	});

	it("leaves out hosts that do not answer or are drained", () => {
		expect(place([host("h1", { isUsable: false }), host("h2")], 2, 64 * mib)).toEqual(["h2", "h2"]);
	});

	it("places as many as fit, and says the numbers when none does", () => {
		expect(place([host("h1")], 3, 512 * mib)).toEqual(["h1", "h1"]);
		expect(() => place([host("h1"), host("h2", { isUsable: false })], 1, 2_048 * mib)).toThrow(
			"An instance that asks for 2048 MiB of memory does not fit: h1 has 1024 MiB of 1024 MiB free, h2 does not answer or is drained.",
		);
	});
});

describe("place, beside a volume", () => {
	const home = { host: "h2", volume: "data of orders in staging" };

	it("takes the volume's host and no other, also one that is being drained", () => {
		expect(place([host("h1"), host("h2", { requestedMemoryBytes: 900 * mib })], 1, 64 * mib, home)).toEqual(["h2"]);
		expect(place([host("h1"), host("h2", { isUsable: false, isLeaving: true })], 1, 64 * mib, home)).toEqual(["h2"]);
	});

	it("says where the data is when it cannot be placed there", () => {
		expect(() => place([host("h1"), host("h2", { isUsable: false })], 1, 64 * mib, home)).toThrow(
			"The volume data of orders in staging is on h2, which does not answer or was removed: bring it back. Elsewhere its data would be missing; `sluice volume remove` gives it up.",
		);
		expect(() => place([host("h1"), host("h2")], 1, 2_048 * mib, home)).toThrow("which has 1024 MiB free of the 2048 MiB");
	});
});

describe("the intent hash", () => {
	const manifest = (memoryBytes: number) => {
		const environments = { staging: workload({ limits: { memoryBytes, cpus: 1 } }) };
		return { service: "orders", description: "", owner: "", build: null, test: null, environments };
	};
	const hash = (startRevision: number, memoryBytes: number) =>
		intentHash(
			makePlan({
				kind: "release",
				instances: { from: null, to: null },
				service: "orders",
				environment: "staging",
				from: null,
				to: { ...release(1), manifest: manifest(memoryBytes) },
				startRevision,
			}),
			(text) => text,
		);

	it("changes with what a person approves, and with nothing else", () => {
		expect(hash(1, mib)).toBe(hash(7, mib));
		expect(hash(1, mib)).not.toBe(hash(1, 2 * mib));
	});

	it("cannot be of an environment that the release does not name", () => {
		const to = { ...release(1), manifest: manifest(mib) };
		expect(() =>
			makePlan({
				kind: "release",
				instances: { from: null, to: null },
				service: "orders",
				environment: "production",
				from: null,
				to,
				startRevision: 0,
			}),
		).toThrow("no environment production");
	});
});

describe("an instance's id", () => {
	it("is never the same for two identities whose names run into each other", () => {
		expect(instanceId("web", "api-staging", 1, 1, 0)).not.toBe(instanceId("web-api", "staging", 1, 1, 0));
		expect(instanceId("orders", "staging", 7, 12, 27)).toBe("orders-staging-7-12ab");
	});
});
