import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { HostReport } from "@/domain/host/model";
import { takeUpAfterRestore } from "@/server/services/restored";
import { desiredDocument, snapshot } from "@/server/store/host";
import { recordReport } from "@/server/store/observation";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";

let scratch: ScratchDatabase;
beforeAll(async () => {
	scratch = await scratchDatabase();
});
afterAll(() => scratch.drop());

const key = { service: "orders", environment: "staging" };
beforeEach(async () => {
	const db = scratch.database;
	await db.$executeRaw`truncate host, service, environment, release, rollout, outbox, proxy_ack, proxy_endpoint cascade`;
	await db.environment.create({ data: { name: "staging", position: 1 } });
	await db.service.create({ data: { name: "orders", createdBy: "u" } });
	await db.serviceEnvironment.create({
		data: { ...key, virtualAddress: "10.254.0.1", trafficRevision: 9, traffic: { ...key, revision: 9, releases: [] } },
	});
	await db.host.create({ data: { id: "h1", address: "10.9.0.1", roles: ["node"], desiredRevision: 5 } });
});

/** What an agent says that has seen these revisions. */
function holding(desiredRevision: number, trafficRevision: number): HostReport {
	return {
		...{ bootId: "b", desiredRevision, converged: true, instances: [], capacity: { memoryBytes: 1, cpus: 1 }, problem: null },
		proxies: [
			{
				...{ id: "h1/envoy-0", roles: ["node"], alive: true, endpoints: [] },
				acks: [{ ...key, revision: trafficRevision, verdict: "ack", message: null }],
			},
		],
	};
}

/** The agent's own rule (agents/fetcher.ts): only what is numbered higher is obeyed. */
async function isObeyedBy(desiredRevision: number, trafficRevision: number): Promise<boolean> {
	const desired = await desiredDocument(scratch.database, "test01", "h1");
	const [traffic] = (await snapshot(scratch.database, "test01")).snapshot.services;
	return (desired?.revision ?? 0) > desiredRevision && (traffic?.revision ?? 0) > trafficRevision;
}

test("after a restore of an older backup an agent with newer documents obeys, without a report first", async () => {
	expect(await isObeyedBy(5_000, 9_000)).toBe(false);
	await takeUpAfterRestore(scratch.database, new Date("2026-11-20T10:00:00Z"));
	expect(await isObeyedBy(5_000, 9_000)).toBe(true);
});

test("a second restore of the same backup is above the first, too", async () => {
	await takeUpAfterRestore(scratch.database, new Date("2026-11-20T10:00:00Z"));
	const first = (await desiredDocument(scratch.database, "test01", "h1"))?.revision ?? 0;
	await scratch.database.$executeRaw`update host set "desiredRevision" = 5`;
	await scratch.database.$executeRaw`update service_environment set "trafficRevision" = 9`;
	await takeUpAfterRestore(scratch.database, new Date("2026-11-20T10:00:00Z"));
	const second = (await desiredDocument(scratch.database, "test01", "h1"))?.revision ?? 0;
	expect(second).toBeGreaterThanOrEqual(first);
	// The same second: whoever holds the first one's number says so, and then obeys.
	await scratch.database.$transaction((tx) => recordReport(tx, "h1", holding(second + 3, second + 3), new Date()));
	expect(await isObeyedBy(second + 3, second + 3)).toBe(true);
});

test("a host that holds more than the database, for whatever reason, is numbered above as soon as it says so", async () => {
	await scratch.database.$transaction((tx) => recordReport(tx, "h1", holding(77, 99), new Date()));
	expect(await isObeyedBy(77, 99)).toBe(true);
	const { desiredRevision } = await scratch.database.host.findUniqueOrThrow({ where: { id: "h1" } });
	// Said again it is no news.
	await scratch.database.$transaction((tx) => recordReport(tx, "h1", holding(77, 99), new Date()));
	expect((await scratch.database.host.findUniqueOrThrow({ where: { id: "h1" } })).desiredRevision).toBe(desiredRevision);
});

test("a host that lies cannot use the numbers up", async () => {
	const most = 2 ** 31 - 1;
	await scratch.database.$transaction((tx) => recordReport(tx, "h1", holding(most, most), new Date()));
	const { desiredRevision } = await scratch.database.host.findUniqueOrThrow({ where: { id: "h1" } });
	const [row] = await scratch.database.serviceEnvironment.findMany();
	expect([desiredRevision, row?.trafficRevision]).toEqual([5, 9]);
});

test("what was moving is handed over again, and a pipeline that ran ends with a sentence", async () => {
	const db = scratch.database;
	const rollout = (id: string, number: number, state: string) =>
		db.rollout.create({
			data: {
				...{ id, ...key, number, strategy: "rolling", state, toReleaseId: "r", plan: {}, intentHash: "x", startedBy: "u" },
			},
		});
	await rollout("ended", 1, "promoted");
	await rollout("moving", 2, "running");
	for (const rolloutId of ["ended", "moving"])
		await db.outbox.create({
			data: { kind: "rollout.start", key: rolloutId, payload: { rolloutId, workflowId: rolloutId }, doneAt: new Date() },
		});
	await db.repository.upsert({ where: { name: "orders" }, create: { name: "orders", createdBy: "u" }, update: {} });
	await db.pipeline.create({
		data: { ...{ id: "p1", repository: "orders", number: 1, branch: "main", commit: "c", pushedBy: "u", state: "running" } },
	});
	await takeUpAfterRestore(db, new Date("2026-11-20T10:00:00Z"));
	const open = await db.outbox.findMany({ where: { doneAt: null } });
	expect(open.map(({ payload }) => payload)).toEqual([{ rolloutId: "moving", workflowId: "moving" }]);
	expect(await db.rolloutEvent.findMany({ select: { rolloutId: true } })).toEqual([{ rolloutId: "moving" }]);
	const pipeline = await db.pipeline.findUniqueOrThrow({ where: { id: "p1" } });
	expect(pipeline).toMatchObject({ state: "failed", reason: expect.stringContaining("2026-11-20") });
});
