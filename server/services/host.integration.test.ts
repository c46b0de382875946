import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Actor } from "@/domain/roles";
import { drainHost, removeHostForGood, undrainHost } from "@/server/services/host";
import { requestRepairsOfMisplaced } from "@/server/services/repair";
import type { Database } from "@/server/store/client";
import { admitHost, isSomeHostHeard } from "@/server/store/host";
import { readHost } from "@/server/store/host-view";
import { placeableHosts } from "@/server/store/placement";
import { openRepairRequests } from "@/server/store/repair-request";
import { observeIdentity } from "@/server/store/rollout-observation";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";
import { tidyLeftovers } from "@/workflows/held";

let scratch: ScratchDatabase;
let database: Database;
const operator: Actor = { kind: "user", id: "u", name: "olga", role: "operator" };

beforeAll(async () => {
	scratch = await scratchDatabase();
	database = scratch.database;
});
afterAll(() => scratch.drop());

beforeEach(async () => {
	await database.$executeRaw`truncate host, service, environment, release, rollout, proxy_ack, proxy_endpoint, repair_request cascade`;
	await database.environment.create({ data: { name: "staging", position: 1 } });
	await database.service.create({ data: { name: "orders", createdBy: "u" } });
	const releases = [
		{
			release: 1,
			weight: 100,
			health: { kind: "http", port: "http", path: "/" },
			endpoints: ["i1", "i2"].map((instance) => ({ instance, address: "10.9.0.1", ports: { http: 20_000 }, state: "active" })),
		},
	];
	await database.serviceEnvironment.create({
		data: {
			service: "orders",
			environment: "staging",
			virtualAddress: "10.254.0.1",
			trafficRevision: 3,
			traffic: { service: "orders", environment: "staging", revision: 3, releases },
		},
	});
	for (const id of ["h1", "h2"]) {
		await database.host.create({
			data: { id, address: "10.9.0.1", roles: ["node"], memoryBytes: 8_000_000_000n, certificateSerial: id, leaseAt: new Date() },
		});
		await database.proxy.create({ data: { id: `${id}/envoy-0`, hostId: id, roles: ["node"], alive: true, leaseAt: new Date() } });
		await database.proxyAck.create({
			data: { proxyId: `${id}/envoy-0`, service: "orders", environment: "staging", revision: 3, verdict: "ack", at: new Date() },
		});
	}
	await addInstance("i1", "h1");
	await addInstance("i2", "h2");
});

async function addInstance(id: string, hostId: string): Promise<void> {
	await database.instance.create({
		data: {
			id,
			service: "orders",
			environment: "staging",
			releaseId: "rel1",
			release: 1,
			hostId,
			rolloutId: "r1",
			spec: { id, limits: { memoryBytes: 1e9, cpus: 1 }, ports: [] },
			phase: "serving",
			observed: "running",
		},
	});
	await database.portLease.create({ data: { hostId, port: 20_000, instanceId: id } });
}

async function silence(host: string, ms: number): Promise<void> {
	const leaseAt = new Date(Date.now() - ms);
	await database.host.update({ where: { id: host }, data: { leaseAt } });
	await database.proxy.updateMany({ where: { hostId: host }, data: { leaseAt, alive: false } });
}

const usable = async () =>
	(await placeableHosts(database, "orders", "staging", 1)).filter((host) => host.isUsable).map((host) => host.id);

const requests = async () =>
	(await openRepairRequests(database)).map(({ service, environment, reason }) => `${service}/${environment}: ${reason}`);

test("a drained host takes no new instance, has what it holds moved, and stays drained also when it joins again", async () => {
	await drainHost({ database }, operator, "h2");
	expect(await usable()).toEqual(["h1"]);
	expect(await requests()).toEqual(["orders/staging: host h2 is drained by olga"]);
	expect(await readHost(database, "h2")).toMatchObject({ state: "draining", verbs: { undrain: null } });
	await expect(drainHost({ database }, operator, "h2")).rejects.toThrow("drained already");
	await admitHost(database, {
		id: "h2",
		address: "10.9.0.2",
		roles: ["node"],
		capacity: { memoryBytes: 8e9, cpus: 2 },
		certificateSerial: "again",
	});
	expect(await usable()).toEqual(["h1"]);
	await database.instance.update({ where: { id: "i2" }, data: { phase: "gone", desired: false } });
	expect(await readHost(database, "h2")).toMatchObject({ state: "drained" });
	await undrainHost({ database }, operator, "h2");
	expect(await usable()).toEqual(["h1", "h2"]);
	const audit = await database.auditRow.findMany({ where: { subject: "h2", action: { startsWith: "host." } } });
	expect(audit.map(({ summary }) => summary)).toEqual([
		"olga drained the host h2",
		"olga let instances be placed on the host h2 again",
	]);
});

test("removing is refused while it answers or may still hold something, and a refusal leaves nothing behind", async () => {
	const remove = (force: boolean) => removeHostForGood({ database }, operator, { host: "h2", force });
	await expect(remove(true)).rejects.toThrow("Host h2 answers and 1 instance is recorded there");
	await silence("h2", 20_000);
	await expect(remove(false)).rejects.toThrow("--force");
	expect(await requests()).toEqual([]);
	expect(await database.auditRow.count({ where: { action: "host.remove", subject: "h2" } })).toBe(0);
});

test("a host removed by force: its proxy blocks nobody, its instance leaves the traffic, its port is free after the quarantine", async () => {
	await silence("h2", 20_000);
	await removeHostForGood({ database }, operator, { host: "h2", force: true });
	expect(await requests()).toEqual(["orders/staging: host h2 was removed by olga"]);
	expect((await observeIdentity(database, "orders", "staging")).proxies.map(({ id }) => id)).toEqual(["h1/envoy-0"]);
	await tidyLeftovers(database);
	const { traffic } = await observeIdentity(database, "orders", "staging");
	expect(traffic.revision).toBe(4);
	expect(traffic.releases.flatMap(({ endpoints }) => endpoints.map(({ instance }) => instance))).toEqual(["i1"]);
	const lease = () => database.portLease.findFirstOrThrow({ where: { instanceId: "i2" } });
	expect((await lease()).releasedAt).toBe(null);
	await database.proxyAck.updateMany({ where: { proxyId: "h1/envoy-0" }, data: { revision: 4 } });
	await tidyLeftovers(database);
	expect((await lease()).releasedAt).not.toBe(null);
	await expect(readHost(database, "h2")).rejects.toThrow("no host h2");
});

test("what a lost host held is asked for once, after a minute, and not while a rollout is under way", async () => {
	await silence("h2", 60_000);
	expect(await requestRepairsOfMisplaced(database, 60_000)).toBe(0);
	await silence("h2", 76_000);
	const rollout = {
		id: "r2",
		service: "orders",
		environment: "staging",
		number: 2,
		strategy: "rolling",
		state: "running",
		toReleaseId: "rel1",
		plan: {},
		intentHash: "x",
		startedBy: "u",
	};
	await database.rollout.create({ data: rollout });
	expect(await requestRepairsOfMisplaced(database, 60_000)).toBe(0);
	await database.rollout.update({ where: { id: "r2" }, data: { state: "promoted" } });
	expect(await requestRepairsOfMisplaced(database, 60_000)).toBe(1);
	expect(await requests()).toEqual([
		"orders/staging: host h2 has not answered for more than 60 s, and 1 instance of orders ran there",
	]);
	expect(await requestRepairsOfMisplaced(database, 60_000)).toBe(0);
	await database.repairRequest.updateMany({ data: { doneAt: new Date() } });
	expect(await requestRepairsOfMisplaced(database, 60_000)).toBe(0);
	await database.repairRequest.updateMany({ data: { createdAt: new Date(Date.now() - 61_000) } });
	expect(await requestRepairsOfMisplaced(database, 60_000)).toBe(1);
});

test("after a time when no host could be heard none is lost before it had a minute to come back; a drained one is moved at once", async () => {
	for (const host of ["h1", "h2"]) await silence(host, 600_000);
	expect(await isSomeHostHeard(database)).toBe(false);
	expect(await requestRepairsOfMisplaced(database, 0)).toBe(0);
	await silence("h1", 0);
	expect(await isSomeHostHeard(database)).toBe(true);
	expect(await requestRepairsOfMisplaced(database, 59_000)).toBe(0);
	expect(await requestRepairsOfMisplaced(database, 60_000)).toBe(1);
	await database.repairRequest.deleteMany();
	await database.host.update({ where: { id: "h1" }, data: { state: "draining" } });
	expect(await requestRepairsOfMisplaced(database, 0)).toBe(1);
});

test("whether a host or proxy answers is told by Postgres' clock, not by that of this process", async () => {
	const real = Date.now;
	Date.now = () => real() + 3_600_000;
	try {
		expect(await readHost(database, "h1")).toMatchObject({ state: "ready", instances: [{ proxies: 2 }] });
	} finally {
		Date.now = real;
	}
});
