import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pathsOf } from "@/domain/installation";
import { findInstallation, newInstallationId, wishedInstallation, writeInstallation } from "./installation";
import { requireAddresses, requireRoot, requireSameHosts } from "./preflight";

describe("an installation", () => {
	it("has an id of six letters and digits that starts with a letter", () => {
		fc.assert(
			fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
				const id = newInstallationId((below) => (numbers.next().value ?? 0) % below);
				expect(id).toMatch(/^[a-z][a-z0-9]{5}$/);
			}),
		);
	});

	it("keeps its id, ports and hosts when nothing else is wished", () => {
		const kept = { id: "abc123", portBase: 9000, domain: "localhost", fleet: ["h1"] };
		expect(wishedInstallation(kept, {}, () => "other1")).toEqual(kept);
		expect(wishedInstallation(kept, { fleet: 3 }, () => "other1")).toEqual({ ...kept, fleet: ["h1", "h2", "h3"] });
		expect(wishedInstallation(null, {}, () => "first1")).toEqual({
			id: "first1",
			portBase: 7400,
			domain: "localhost",
			fleet: [],
		});
	});

	it("keeps the relay's addresses, adds new ones, and names none twice", () => {
		const kept = { id: "abc123", portBase: 9000, domain: "localhost", fleet: [], relayAddresses: ["10.0.0.1"] };
		expect(wishedInstallation(kept, {}, () => "other1")).toEqual(kept);
		const added = wishedInstallation(kept, { relayAddresses: ["10.0.0.2", "10.0.0.1"] }, () => "other1");
		expect(added.relayAddresses).toEqual(["10.0.0.1", "10.0.0.2"]);
	});

	it("has the relay listen on named addresses of this machine only", () => {
		expect(() => requireAddresses(["10.0.0.1"], ["10.0.0.1"])).not.toThrow();
		for (const address of ["0.0.0.0", "::", "127.0.0.1", "10.0.0.9", "name"])
			expect(() => requireAddresses([address], ["10.0.0.1"])).toThrow(`--relay-address ${address} is no IPv4 address`);
	});
});

describe("secrets", () => {
	let home: string;
	const installation = { id: "abc123", portBase: 9000, domain: "localhost", fleet: [] };
	beforeEach(() => {
		home = mkdtempSync(`${tmpdir()}/sluice-home-`);
	});
	afterEach(() => rmSync(home, { recursive: true }));

	it("only their owner reads them", () => {
		writeInstallation(home, installation);
		const { secrets, databasePassword, authSecret, administrator, apiToken } = pathsOf(home);
		expect(statSync(secrets).mode & 0o777).toBe(0o700);
		for (const file of [databasePassword, authSecret, administrator, apiToken]) expect(statSync(file).mode & 0o777).toBe(0o600);
	});

	it("are made once, long and not alike", () => {
		writeInstallation(home, installation);
		const { apiToken, authSecret } = pathsOf(home);
		const before = readFileSync(apiToken, "utf8");
		writeInstallation(home, installation);
		expect(readFileSync(apiToken, "utf8")).toBe(before);
		expect(before.trim()).toMatch(/^sluice_[A-Za-z0-9_-]{43}$/);
		expect(readFileSync(authSecret, "utf8")).not.toBe(before);
	});

	it("what a kill left out is completed by the next time", () => {
		writeInstallation(home, installation);
		rmSync(pathsOf(home).apiToken);
		rmSync(pathsOf(home).installation);
		expect(findInstallation(home)).toBe(null);
		writeInstallation(home, installation);
		expect(existsSync(pathsOf(home).apiToken)).toBe(true);
		expect(findInstallation(home)).toEqual(installation);
	});
});

describe("before anything is started", () => {
	it("someone who is not root is told the command", () => {
		expect(() => requireRoot(1000)).toThrow(/only root may: run `sudo .\/sluice up`/);
		expect(() => requireRoot(0)).not.toThrow();
	});

	it("hosts that joined are not replaced by others", () => {
		const home = mkdtempSync(`${tmpdir()}/sluice-home-`);
		const kept = { id: "abc123", portBase: 9000, domain: "localhost", fleet: [] };
		expect(() => requireSameHosts(home, kept, { ...kept, fleet: ["h1"] })).not.toThrow();
		rmSync(home, { recursive: true });
	});
});
