import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "@playwright/test";
import { readInstallation } from "@/adapters/installation/read";
import { createClient } from "@/cli/client";
import { hostDirectory, machineDirectory } from "@/domain/installation";
import { trySluice } from "./support/command";
import { tracesOf } from "./support/machine-traces";

/**
 * An installation of its own, with one test host: backed up, changed, removed from the machine, restored, and its host
 * obeys. Beside the installation of the other tests, whose engine and ports it leaves alone.
 */
const folder = mkdtempSync(`${tmpdir()}/sluice-e2e-backup-`);
const home = `${folder}/home`;
const portBase = Number(process.env.SLUICE_PORT_BASE ?? 17_400) + 500;
const settings = {
	SLUICE_HOME: home,
	SLUICE_PORT_BASE: String(portBase),
	DATABASE_URL: "",
	TEMPORAL_ADDRESS: "",
};

async function sluice(...words: string[]): Promise<{ code: number; output: string }> {
	const { code, output, errors } = await trySluice(words, "", settings);
	return { code, output: output + errors };
}

/** 0 = it has none yet. */
function revisionAtAgent(): number {
	const file = `${hostDirectory(home, "h1")}/desired.json`;
	if (!existsSync(file)) return 0;
	const kept = readFileSync(file, "utf8");
	return (JSON.parse(kept) as { revision: number }).revision;
}

test.afterAll(async () => {
	test.setTimeout(180_000);
	await sluice("uninstall", "--yes");
	rmSync(folder, { recursive: true, force: true });
});

test("a backup brings an installation back on an empty machine, and its host obeys", async () => {
	test.setTimeout(900_000);
	expect(await sluice("up", "--fleet", "1")).toMatchObject({ code: 0 });
	const { id } = readInstallation(home);
	const sealed = `${folder}/backup`;
	const made = await sluice("create", "typescript-http", "--name", "kept", "--watch");
	expect(made, made.output).toMatchObject({ code: 0 });
	const saved = await sluice("backup", sealed, "--with-images");
	expect(saved, saved.output).toMatchObject({ code: 0 });
	const before = revisionAtAgent();

	const { gateway } = JSON.parse(readFileSync(`${home}/network-fleet.json`, "utf8")) as { gateway: string };
	const words = [id, home, gateway.replace(/\.\d+$/, ".")];
	const kinds = Object.entries(await tracesOf(words));
	// A running installation with a test host has some of each, but containers and volumes, which are in its own engine.
	const there = kinds.filter(([, found]) => found.length > 0).map(([kind]) => kind);
	expect(there).toEqual(["namespaces", "interfaces", "routes", "rules", "mounts", "processes", "files"]);
	expect(await sluice("uninstall", "--yes")).toMatchObject({ code: 0 });
	const left = Object.entries(await tracesOf(words)).filter(([, found]) => found.length > 0);
	expect(left).toEqual([]);
	expect([home, machineDirectory(id), `/run/sluice/${id}`].filter((path) => existsSync(path))).toEqual([]);

	const restored = await sluice("restore", sealed);
	expect(restored, restored.output).toMatchObject({ code: 0 });
	// What the database says runs there is as old as the backup until the host has obeyed the new numbers.
	await expect.poll(() => revisionAtAgent(), { timeout: 60_000 }).toBeGreaterThan(before + 1_000_000);
	const client = createClient(home);
	const serving = async () =>
		(await client.service.get.query({ service: "kept" })).instances.filter(({ phase }) => phase === "serving").length;
	await expect.poll(serving, { timeout: 180_000 }).toBeGreaterThan(0);
	const deployed = await sluice("restart", "kept", "--env", "staging", "--watch");
	expect(deployed, deployed.output).toMatchObject({ code: 0 });

	const { output } = await trySluice(["doctor", "--output", "json"], "", settings);
	const checks = JSON.parse(output) as { verdict: string; name: string }[];
	expect(checks.filter(({ verdict }) => verdict === "problem")).toEqual([]);
});
