import { expect, test } from "@playwright/test";
import { WebSocket } from "ws";
import { api } from "./support/api";
import { BenchService } from "./support/bench-service";
import { sluice, trySluice } from "./support/command";
import { publishedTo, weightsOn } from "./support/envoy";
import { fleetHosts, hostProcesses, kill, killContainer, startContainers, startsOf } from "./support/fleet";
import { portalAddress } from "./support/installation";

/** The control plane is gone for a while, on purpose: hosts and services go on, and are taken over again as they are. */
const withoutMs = 60_000;

let service: BenchService;

test.beforeAll(async () => {
	test.setTimeout(300_000);
	service = await BenchService.make("kept");
	expect((await service.ended(await service.deploy(0))).state).toBe("promoted");
});

/** Whatever became of a test: the others need the control plane. */
test.afterEach(async () => {
	if (!(await isPortalThere())) await sluice(["up"]);
});

const everyStart = async () => Promise.all(fleetHosts.map(async (host) => [...(await startsOf(host, service.name))]));
const isPortalThere = () =>
	fetch(`${portalAddress()}/api/health`).then(
		() => true,
		() => false,
	);

/** Traffic goes on while the clock runs; nothing else would tell that it is over. */
const timePasses = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("no request is lost while the control plane goes, is away and comes back, but those on a killed container; nothing is restarted", async () => {
	expect(Object.keys(hostProcesses()).length).toBeGreaterThanOrEqual(6);
	const before = { processes: hostProcesses(), starts: await everyStart() };
	const load = await service.load(150_000);

	await sluice(["down", "--keep-traffic"]);
	expect(await isPortalThere()).toBe(false);
	const status = await trySluice(["status"]);
	expect([status.code, status.output]).toEqual([1, expect.stringMatching(/control plane\s+stopped/)]);
	expect(hostProcesses()).toEqual(before.processes);
	await killContainer("h2", service.name);
	await timePasses(withoutMs);
	expect(await isPortalThere()).toBe(false);
	await startContainers("h2", service.name);

	await sluice(["up"]);
	expect(await isPortalThere()).toBe(true);
	expect(hostProcesses()).toEqual(before.processes);
	const [kept, killed] = await everyStart();
	expect(kept).toEqual(before.starts[0]);
	// The same container, started by this test.
	expect(killed?.map(([instance, start]) => [instance, start.split(" ")[0]])).toEqual(
		before.starts[1]?.map(([instance, start]) => [instance, start.split(" ")[0]]),
	);

	const verdict = await load.verdict;
	test.info().annotations.push({ type: "verdict", description: JSON.stringify(verdict) });
	expect(verdict.requests).toBeGreaterThan(10_000);
	// In flight on the killed container: its WebSockets and long requests, and at most a handful of quick ones.
	const quick = verdict.causes.filter(({ cause }) => !/^(long|stream)/.test(cause));
	expect(
		quick.reduce((sum, { count }) => sum + count, 0),
		JSON.stringify(verdict.causes),
	).toBeLessThanOrEqual(3);
	expect(verdict.longFailed).toBeLessThanOrEqual(10);
	expect(verdict.streamsCut).toBeLessThanOrEqual(10);
	expect((await service.ended(await service.deploy(1))).state).toBe("promoted");
});

test("a gateway's Envoys and agent started cold meanwhile serve the last snapshot, weights and drains included", async () => {
	const gateway = (await api().host.list.query()).find(({ roles }) => roles.includes("gateway"));
	const canary = await BenchService.make("kept-canary");
	const held = { environment: "strategy: {canary: {steps: [{setWeight: 10}, {pause: {}}]}}" };
	expect((await canary.ended(await canary.deploy(0, held))).state).toBe("promoted");
	const canaryNumber = await canary.deploy(1, held);
	const split = await canary.until(canaryNumber, "a tenth", ({ weight, waitsFor }) => weight === 10 && waitsFor !== null);

	const target = await service.target();
	// In flight on what will be the old release, so that its drain is not over at once.
	const stream = new WebSocket(`ws://${target.address}:${target.port}/stream?ms=60000`, { headers: { host: target.host } });
	stream.on("error", () => undefined);
	await new Promise((resolve) => stream.once("open", resolve));
	const number = await service.deploy(0);
	const { from, to } = await service.until(number, "a draining instance", ({ instances }) =>
		instances.some(({ phase }) => phase === "draining"),
	);
	const clusterOf = (name: string, release: number | null) => `${name}/staging/${release}/http`;
	const weights = { [clusterOf(canary.name, split.from)]: 9_000, [clusterOf(canary.name, split.to)]: 1_000 };
	const published = async () => ({
		endpoints: await publishedTo(gateway?.name ?? ""),
		canary: await weightsOn(gateway?.name ?? "", canary.name),
	});
	await expect.poll(async () => (await published()).canary).toEqual(weights);
	expect(await canary.ask()).toMatch(/^release [ab]$/);
	await sluice(["down", "--keep-traffic"]);
	const before = await published();
	expect(before.canary).toEqual(weights);
	expect(before.endpoints.get(clusterOf(service.name, from))).toContain("DRAINING");

	kill("h1-agent");
	const envoys = Object.keys(hostProcesses()).filter((component) => component.startsWith("h1-envoy"));
	expect(envoys).not.toEqual([]);
	for (const envoy of envoys) kill(envoy);
	await expect(async () => expect(await published()).toEqual(before)).toPass({ timeout: 20_000 });
	const answers = await Promise.all(Array.from({ length: 50 }, () => service.ask()));
	expect(answers.every((answer) => answer === "release a")).toBe(true);
	expect(before.endpoints.get(clusterOf(service.name, to))).toEqual(["HEALTHY", "HEALTHY"]);
	const shared = await Promise.all(Array.from({ length: 200 }, () => canary.ask()));
	// A tenth of 200: fewer than 3 or more than 50 come by chance in less than one run of a million.
	const tenth = shared.filter((answer) => answer === "release b").length;
	expect([tenth >= 3, tenth <= 50], `${tenth} of 200`).toEqual([true, true]);

	await sluice(["up"]);
	expect((await service.ended(number)).state).toBe("promoted");
	await canary.abort(canaryNumber);
	expect((await canary.ended(canaryNumber)).state).toBe("rolled-back");
});
