import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "@playwright/test";
import { machineDirectory, testPortBase } from "@/domain/installation";
import { api } from "./support/api";
import { BenchService } from "./support/bench-service";
import { sluice } from "./support/command";
import { plug } from "./support/fleet";
import { installationId } from "./support/installation";

/**
 * A fleet of three: two gateways with a pair of Envoys each, and a node. An installation of its own beside the other,
 * since a host keeps the roles that it joined with.
 */
const home = mkdtempSync(`${tmpdir()}/sluice-three-`);
const hosts = ["h1", "h2", "h3"] as const;
/** Two pairs and a node proxy. */
const proxies = 5;
const wishes = {
	instances: 3,
	environment:
		"strategy: {canary: {steps: [{setWeight: 10}, {pause: {duration: 5s}}, {setWeight: 50}, {pause: {duration: 5s}}]}}",
};
/** A lost host's instance is asked for two seconds at the most before every proxy has found it dead; then nothing fails. */
const noticedMs = 10_000;
/** Whoever was on it at that moment learns it from their own clock. */
const timeoutMs = 15_000;

const { SLUICE_HOME: shared, SLUICE_PORT_BASE: sharedPorts } = process.env;
let service: BenchService;

test.beforeAll(async () => {
	test.setTimeout(400_000);
	process.env.SLUICE_HOME = home;
	process.env.SLUICE_PORT_BASE = String(Number(sharedPorts ?? testPortBase) + 300);
	await sluice(["up", "--fleet", "3"]);
	service = await BenchService.make("three");
	expect((await service.ended(await service.deploy(0, wishes))).state).toBe("promoted");
});

test.afterAll(async () => {
	test.setTimeout(200_000);
	const id = installationId();
	await sluice(["down"]);
	for (const folder of [home, machineDirectory(id)]) rmSync(folder, { recursive: true, force: true });
	process.env.SLUICE_HOME = shared;
	if (sharedPorts === undefined) delete process.env.SLUICE_PORT_BASE;
	else process.env.SLUICE_PORT_BASE = sharedPorts;
});

async function serving(): Promise<string[]> {
	const { instances } = await api().service.get.query({ service: service.name });
	const live = instances.filter(({ phase }) => phase === "serving");
	return live.map(({ host, healthyOn }) => `${host}: ${healthyOn}`).sort();
}

async function gateways(): Promise<string[]> {
	const found = (await api().host.list.query()).filter(({ roles }) => roles.includes("gateway"));
	expect(found.map(({ name, proxies: own }) => [name, own.length])).toEqual([
		["h1", 2],
		["h2", 2],
	]);
	return found.map(({ address }) => address);
}

test("a canary under load through both gateways loses nothing, and five Envoys call every instance healthy", async () => {
	const loads = await Promise.all((await gateways()).map((address) => service.load(45_000, { address })));
	const end = await service.ended(await service.deploy(1, wishes));
	expect(end.state, String(end.reason)).toBe("promoted");
	expect(await serving()).toEqual(hosts.map((host) => `${host}: ${proxies}`));
	for (const load of loads) {
		const verdict = await load.verdict;
		expect(verdict).toMatchObject({ failed: 0, longFailed: 0, streamsCut: 0, causes: [] });
		expect(Object.keys(verdict.releases).sort()).toEqual(["a", "b"]);
		expect(verdict.requests).toBeGreaterThan(5_000);
	}
});

test("a host that is lost outside a rollout has its instance placed elsewhere, and clients notice only the moment of the loss", async () => {
	const clients = { longMs: 500, streamMs: { least: 300, most: 1_000 } };
	const loads = await Promise.all((await gateways()).map((address) => service.load(130_000, { ...clients, address })));
	const startedAt = Date.now();
	await plug("h3", "down");
	const lostMs = Date.now() - startedAt;
	try {
		await expect
			.poll(async () => (await serving()).map((words) => words.slice(0, 2)), { timeout: 120_000 })
			.toEqual([expect.stringMatching(/^h[12]$/), expect.stringMatching(/^h[12]$/), expect.stringMatching(/^h[12]$/)]);
		for (const load of loads) {
			const { failures, requests } = await load.verdict;
			const late = failures.filter(
				({ endedMs, cause }) => endedMs > lostMs + noticedMs + (/time(d |-)?out$/.test(cause) ? timeoutMs : 0),
			);
			expect(late).toEqual([]);
			expect(requests).toBeGreaterThan(10_000);
		}
	} finally {
		await plug("h3", "up");
	}
	// What was held on it is removed, and it takes instances again.
	await expect
		.poll(async () => (await api().host.list.query()).map(({ state }) => state), { timeout: 60_000 })
		.toEqual(["ready", "ready", "ready"]);
	expect((await service.ended(await service.deploy(0, wishes))).state).toBe("promoted");
	await expect.poll(serving, { timeout: 60_000 }).toEqual(hosts.map((host) => `${host}: ${proxies}`));
});
