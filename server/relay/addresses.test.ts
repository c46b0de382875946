import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { relayAddresses } from "@/server/relay/addresses";

let home: string;
beforeEach(() => {
	home = mkdtempSync(`${tmpdir()}/sluice-addresses-`);
});
afterEach(() => rmSync(home, { recursive: true }));

test("without a file the relay is on loopback only", () => {
	expect(relayAddresses(home)).toEqual(["127.0.0.1"]);
});

test("the named addresses, each once", () => {
	writeFileSync(`${home}/relay-addresses.json`, '["127.0.0.1","10.9.0.1","127.0.0.1"]');
	expect(relayAddresses(home)).toEqual(["127.0.0.1", "10.9.0.1"]);
});

test("a wildcard, a name, nothing and what is not JSON are refused with a sentence", () => {
	for (const text of ['["0.0.0.0"]', '["localhost"]', "[]", "{", '["::"]']) {
		writeFileSync(`${home}/relay-addresses.json`, text);
		expect(() => relayAddresses(home)).toThrow("must be a list of IPv4 addresses of this machine");
	}
});
