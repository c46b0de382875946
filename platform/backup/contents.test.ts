import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { all } from "@/adapters/archive/archive";
import { pathsOf } from "@/domain/installation";
import { addHome, homePrefix, isCopied, notCopied } from "./contents";

/** What a home had after services were created, images copied, hosts joined and an operator had settings. */
const ofAHome = [
	...["installation.json", "network-bridge.json", "network-fleet.json", "webhook.json", "import.json", "images.json"],
	...["audit/checkpoints.jsonl", "secrets/ca.pem", "secrets/ca-key.pem", "secrets/audit-key", "secrets/config-key"],
	...["secrets/servers.json", "secrets/join-h1", "secrets/api-token.17.new", "registry.yml", "registry-read-only.yml"],
	...["relay-addresses.json", "temporal.db", "temporal.db-wal", "git/orders.git/HEAD", "hosts/h1/identity.pem"],
	...["logs/portal.log", "portal/aea5/.next/BUILD_ID", "prometheus/data/wal/0", "registry/docker/registry/v2/blobs/x"],
	...["run/portal.json", "builds/1/log", "company.pem", "later/a/b"],
];

/** Every file of a home, except those of which the list says why they are not in a backup. */
const kept = [
	...["audit/checkpoints.jsonl", "company.pem", "images.json", "import.json", "installation.json", "later/a/b"],
	...["network-bridge.json", "network-fleet.json", "secrets/audit-key", "secrets/ca-key.pem", "secrets/ca.pem"],
	...["secrets/config-key", "webhook.json"],
];

describe("a backup", () => {
	it("has each file of the home, but those of which it is said who makes them anew", async () => {
		const home = mkdtempSync(`${tmpdir()}/sluice-contents-`);
		try {
			for (const file of ofAHome) {
				mkdirSync(dirname(`${home}/${file}`), { recursive: true });
				writeFileSync(`${home}/${file}`, file);
			}
			const added: string[] = [];
			const add = async (path: string, content: AsyncIterable<Buffer>) => {
				expect((await all(content)).toString()).toBe(path.slice(homePrefix.length));
				added.push(path.slice(homePrefix.length));
			};
			await addHome({ add, addText: async () => undefined }, home);
			expect(added).toEqual(kept);
			const all_ = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
			expect(added.length + ofAHome.filter((file) => !isCopied(file)).length).toBe(all_.length);
		} finally {
			rmSync(home, { recursive: true });
		}
	});

	it("knows every place that the installation's own paths name, and leaves out no secret by its name", () => {
		const { home, ...paths } = pathsOf("");
		expect(home).toBe("");
		const left = Object.entries(paths)
			.filter(([, path]) => !isCopied(path.slice(1)) || !isCopied(`${path.slice(1)}/`))
			.map(([name]) => name);
		expect(left.sort()).toEqual([
			...["builds", "hosts", "instanceLogs", "logs", "registry", "repositories", "run", "servers", "temporal"],
		]);
		for (const why of Object.values(notCopied)) expect(why).not.toBe("");
	});
});
