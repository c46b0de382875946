import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fleetNames, newInstallationId } from "../installation";
import { freeSubnetNumber, planFleet, subnetNumberOf } from "./plan";

const id = fc.integer({ min: 0, max: 2 ** 30 }).map((seed) => newInstallationId((below) => seed % below));

describe("the plan of a fleet", () => {
	it("has names that Linux takes: interfaces of at most 15 characters", () => {
		fc.assert(
			fc.property(id, fc.integer({ min: 1, max: 99 }), (installation, count) => {
				const plan = planFleet({ id: installation, fleet: fleetNames(count) }, 7);
				for (const name of [plan.bridge, ...plan.hosts.map((host) => host.veth)]) expect(name.length).toBeLessThanOrEqual(15);
			}),
		);
	});

	it("gives each host its own address inside the bridge's subnet", () => {
		const plan = planFleet({ id: "abcdef", fleet: ["h1", "h2"] }, 40);
		expect(plan).toEqual({
			bridge: "sluicef-abcdef",
			gateway: "10.78.40.1",
			subnet: "10.78.40.0/24",
			hosts: [
				{ name: "h1", namespace: "sluice-abcdef-h1", veth: "slabcdefh1", address: "10.78.40.11" },
				{ name: "h2", namespace: "sluice-abcdef-h2", veth: "slabcdefh2", address: "10.78.40.12" },
			],
		});
		expect(subnetNumberOf(plan.subnet)).toBe(40);
	});
});

describe("the subnet", () => {
	it("is one that no interface has, as long as there is one", () => {
		fc.assert(
			fc.property(id, fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { maxLength: 256 }), (installation, used) => {
				const number = freeSubnetNumber(
					installation,
					used.map((one) => `10.78.${one}.1/24`),
				);
				if (used.length === 256) expect(number).toBe(null);
				else expect(used).not.toContain(number);
			}),
		);
	});
});
