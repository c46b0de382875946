import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { embeddedServers, readServers } from "@/adapters/installation/servers";
import { pathsOf } from "@/domain/installation";
import { placeOf, wishedServers, withServers, writeServers } from "./servers";

const databaseUrl = "postgresql://me:pl%40nted@db.example:6543/sluice";
const kept = { databaseUrl, temporalAddress: null, generation: "g1" };
const next = () => "g2";

describe("servers of one's own", () => {
	test("are kept while nothing is said, changed by what is said, and given up by an empty variable", () => {
		expect(wishedServers(embeddedServers, {}, next)).toBe(embeddedServers);
		expect(wishedServers(kept, {}, next)).toBe(kept);
		expect(wishedServers(kept, { databaseUrl }, next)).toBe(kept);
		expect(wishedServers(embeddedServers, { databaseUrl }, next)).toEqual({ ...kept, generation: "g2" });
		expect(wishedServers(kept, { temporalAddress: "t:7233" }, next)).toEqual({
			...kept,
			temporalAddress: "t:7233",
			generation: "g2",
		});
		expect(wishedServers(kept, { databaseUrl: "" }, next)).toBe(embeddedServers);
	});

	test("an address of another form is refused, and no password is shown", () => {
		for (const wrong of [
			"me:planted@db",
			"mysql://me:planted@db/x",
			"postgresql://me:planted@db:5432/",
			"postgresql:///planted",
		]) {
			expect(() => wishedServers(embeddedServers, { databaseUrl: wrong }, next)).toThrow(
				/^DATABASE_URL is postgresql:(?!.*planted)/,
			);
		}
		expect(() => wishedServers(embeddedServers, { temporalAddress: "https://t" }, next)).toThrow("host:port");
		expect(placeOf(databaseUrl)).toBe("db.example:6543, database sluice");
	});
});

describe("kept servers", () => {
	let home: string;
	beforeEach(() => {
		home = mkdtempSync(`${tmpdir()}/sluice-servers-`);
		mkdirSync(pathsOf(home).secrets);
	});
	afterEach(() => rmSync(home, { recursive: true }));

	test("are in a file of the owner's only, which is gone with them", () => {
		expect(readServers(home)).toEqual(embeddedServers);
		writeServers(home, kept);
		expect(readServers(home)).toEqual(kept);
		expect(statSync(pathsOf(home).servers).mode & 0o777).toBe(0o600);
		writeServers(home, embeddedServers);
		expect(existsSync(pathsOf(home).servers)).toBe(false);
	});

	test("start what talks to them anew when they change; embedded ones change nothing", () => {
		expect(withServers({ home }, "sources")).toBe("sources");
		writeServers(home, kept);
		const one = withServers({ home }, "sources");
		writeServers(home, { ...kept, generation: "g2" });
		expect(new Set(["sources", one, withServers({ home }, "sources")]).size).toBe(3);
	});
});
