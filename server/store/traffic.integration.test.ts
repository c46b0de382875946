import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CreateAction } from "@/domain/rollout/action";
import type { ServiceTraffic } from "@/domain/traffic/model";
import { startRollout } from "@/server/services/rollout-start";
import { stopInstances } from "@/server/store/instance";
import { leasePorts, releasePorts } from "@/server/store/port-lease";
import { getRolloutByNumber } from "@/server/store/rollout";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";
import { ensureServiceEnvironment, getServiceEnvironment, publishTraffic } from "@/server/store/traffic";
import { createInstances } from "@/workflows/activities/create-instances";
import { seedReleases } from "@/workflows/testing/catalog";

const mei = { kind: "user", id: "mei", name: "mei", role: "operator" } as const;
let scratch: ScratchDatabase;

beforeAll(async () => {
	scratch = await scratchDatabase();
	for (const id of ["h1", "h2"]) {
		await scratch.database.host.create({
			data: {
				id,
				address: "10.200.0.1",
				roles: ["node"],
				memoryBytes: 1n << 30n,
				cpus: 2,
				leaseAt: new Date(Date.now() + 600_000),
			},
		});
	}
});
afterAll(async () => scratch.drop());

function content(marker: number): Omit<ServiceTraffic, "revision"> {
	const rest = { gatewayHosts: [], ports: [], releases: [], streamIdleTimeoutMs: 0 };
	return { service: "orders", environment: "staging", virtualAddress: "10.254.0.1", requestTimeoutMs: marker, ...rest };
}

describe("published traffic", () => {
	it("gives twenty publishes at once the revisions 1 to 20, and the same content none", async () => {
		await seedReleases(scratch.database, "orders", []);
		await ensureServiceEnvironment(scratch.database, "orders", "staging");
		const publish = (marker: number) =>
			scratch.database.$transaction((tx) => publishTraffic(tx, "orders", "staging", () => content(marker)), {
				maxWait: 30_000,
				timeout: 30_000,
			});
		const published = await Promise.all(Array.from({ length: 20 }, (_, index) => publish(index + 1)));
		expect(published.map(({ traffic }) => traffic.revision).sort((a, b) => a - b)).toEqual(
			published.map((_, index) => index + 1),
		);
		const last = await getServiceEnvironment(scratch.database, "orders", "staging");
		expect((await publish(last.traffic?.requestTimeoutMs ?? 0)).isNew).toBe(false);
		expect((await getServiceEnvironment(scratch.database, "orders", "staging")).trafficRevision).toBe(20);
	});

	it("gives every identity an address of its own, also when made at once", async () => {
		const names = ["a1", "a2", "a3", "a4", "a5", "a6"];
		for (const name of names) await seedReleases(scratch.database, name, []);
		await Promise.all(
			names.map((name) =>
				scratch.database.$transaction((tx) => ensureServiceEnvironment(tx, name, "staging"), { maxWait: 30_000 }),
			),
		);
		const rows = await scratch.database.serviceEnvironment.findMany();
		expect(new Set(rows.map((row) => row.virtualAddress)).size).toBe(rows.length);
		expect(rows.every((row) => !/\.(0|255)$/.test(row.virtualAddress))).toBe(true);
	});
});

describe("placement", () => {
	it("makes nothing twice when it is repeated, at once or later, and never gives a port twice", async () => {
		const [releaseId = ""] = await seedReleases(scratch.database, "web", [{ instances: 4 }]);
		const { number } = await startRollout(scratch, mei, { service: "web", environment: "staging", releaseId, origin: "user" });
		const rollout = await getRolloutByNumber(scratch.database, "web", "staging", number);
		const action: CreateAction = { kind: "create", release: 1, ordinals: [0, 1, 2, 3] };
		const create = () => createInstances({ database: scratch.database, installation: { id: "abc123" } }, rollout, action);
		await Promise.all([create(), create(), create()]);
		await create();
		const rows = await scratch.database.instance.findMany({ where: { service: "web" }, orderBy: { id: "asc" } });
		expect(rows.map((row) => row.id)).toEqual(["web-staging-1-1a", "web-staging-1-1b", "web-staging-1-1c", "web-staging-1-1d"]);
		expect(rows.filter((row) => row.hostId === "h1")).toHaveLength(2);
		const leases = await scratch.database.portLease.findMany();
		expect(leases).toHaveLength(4);
		const events = await scratch.database.rolloutEvent.findMany({ where: { rolloutId: rollout.id } });
		expect(events).toHaveLength(1);
	});

	it("raises the host's revision once for what leaves, and not again for what has left", async () => {
		const before = await scratch.database.host.findUniqueOrThrow({ where: { id: "h1" } });
		const here = await scratch.database.instance.findMany({ where: { hostId: "h1" } });
		const ids = here.map((row) => row.id);
		await scratch.database.$transaction((tx) => stopInstances(tx, ids));
		await scratch.database.$transaction((tx) => stopInstances(tx, ids));
		const after = await scratch.database.host.findUniqueOrThrow({ where: { id: "h1" } });
		expect(after.desiredRevision).toBe(before.desiredRevision + 1);
	});

	it("lets a port go only after every proxy acknowledged, and gives it out again 60 s later", async () => {
		const { database } = scratch;
		const [gone] = await database.instance.findMany({ where: { hostId: "h1" } });
		const id = gone?.id ?? "";
		await database.proxy.create({ data: { id: "h1/envoy-0", hostId: "h1", roles: ["node"], leaseAt: new Date() } });
		await database.instance.update({ where: { id }, data: { phase: "gone" } });
		await database.serviceEnvironment.updateMany({ where: { service: "web" }, data: { trafficRevision: 7 } });
		const ack = (revision: number) =>
			database.proxyAck.upsert({
				where: { proxyId_service_environment: { proxyId: "h1/envoy-0", service: "web", environment: "staging" } },
				create: { proxyId: "h1/envoy-0", service: "web", environment: "staging", revision, verdict: "ack", at: new Date() },
				update: { revision },
			});
		await ack(6);
		expect(await releasePorts(database)).toBe(0);
		await ack(7);
		expect(await releasePorts(database)).toBe(1);
		const lease = await database.portLease.findFirstOrThrow({ where: { instanceId: id } });
		const next = (instance: string) => database.$transaction((tx) => leasePorts(tx, "h1", instance, 1));
		expect(await next("later-1")).not.toContain(lease.port);
		await database.portLease.updateMany({ where: { instanceId: id }, data: { releasedAt: new Date(Date.now() - 61_000) } });
		expect(await next("later-2")).toContain(lease.port);
	});
});
