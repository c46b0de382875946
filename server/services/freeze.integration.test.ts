import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Role } from "@/domain/roles";
import { deploy } from "@/server/services/deploy";
import { startFollowUps } from "@/server/services/follow-up";
import { createFreeze, endFreeze } from "@/server/services/freeze";
import { startPipelineRollout } from "@/server/services/rollout-start";
import { decide, retry } from "@/server/services/rollout-verbs";
import { readMatrix } from "@/server/store/environment-view";
import { readFreezes } from "@/server/store/freeze";
import { openTestPortal, type TestPortal } from "@/server/testing/portal";

/** In a freeze no new release begins, whoever asks for it and however, and nothing of it is left; the rest goes on. */
let portal: TestPortal;
let registry: Server;
let images = 0;

beforeAll(async () => {
	portal = await openTestPortal();
	registry = createServer((_request, response) => response.writeHead(200).end());
	await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
	await portal.deps.database.host.create({
		data: { id: "h1", address: "10.0.0.1", roles: ["node"], memoryBytes: 8n << 30n, cpus: 2 },
	});
});
afterAll(async () => {
	registry.close();
	await portal.close();
});
afterEach(async () => {
	const { database } = portal.deps;
	await database.rollout.updateMany({ data: { state: "failed", endedAt: new Date() } });
	for (const { id, state } of await readFreezes(database, {})) {
		if (state === "active" || state === "coming") await endFreeze(portal.deps, portal.actor("operator"), id, "");
	}
});

const approvals = "staging: {approvals: {count: 1, role: approver}}";

function start(role: Role, wish: { service: string; staging?: string; overrideFreeze?: string; environment?: string }) {
	images += 1;
	const digest = `sha256:${String(images).padStart(64, "0")}`;
	const { service, staging = "staging: {}", overrideFreeze, environment = "staging" } = wish;
	const manifest = `apiVersion: score.dev/v1b1
metadata: {name: ${service}}
containers: {main: {image: .}}
service: {ports: {http: {port: 8080}}}
---
apiVersion: sluice.dev/v1
kind: Delivery
metadata: {name: ${service}}
environments: {${staging}, production: {}}
`;
	const env = { ...portal.deps.env, registry: `127.0.0.1:${(registry.address() as AddressInfo).port}` };
	const image = `${service}@${digest}`;
	const input = { manifest, file: "sluice.yaml", image, environment, overrideFreeze };
	return deploy({ database: portal.deps.database, env }, portal.actor(role), input);
}

function freeze(wish: { service?: string; weekly?: string; from?: string; until?: string; zone?: string } = {}) {
	const { service = null, zone = "Europe/Berlin", until = wish.weekly ? undefined : "2099-01-01T08:00", ...time } = wish;
	const reason = "the year ends";
	return createFreeze(portal.deps, portal.actor("operator"), { environment: "staging", service, zone, until, reason, ...time });
}

async function counts(service: string): Promise<number[]> {
	const { rollout, outbox, auditRow } = portal.deps.database;
	const starts = auditRow.count({ where: { action: "rollout.start", subject: { startsWith: `${service}/` } } });
	return Promise.all([rollout.count({ where: { service } }), outbox.count({ where: { key: { contains: service } } }), starts]);
}

const sentence = "staging is frozen until 2099-01-01 08:00 (Europe/Berlin): the year ends.";

test("a deploy is refused with until when and why, and leaves nothing; ended, it begins; both are audited", async () => {
	const { id, state } = await freeze();
	expect(state).toBe("active");
	await expect(start("admin", { service: "orders" })).rejects.toMatchObject({
		code: "not-allowed-now",
		message: expect.stringContaining(sentence),
	});
	expect(await counts("orders")).toEqual([0, 0, 0]);
	const matrix = (environment: string) => readMatrix(portal.deps, portal.actor("developer"), { show: "frozen", environment });
	expect((await matrix("staging")).environments[0]?.frozen?.sentence).toBe(sentence);
	expect((await matrix("staging")).services.length).toBeGreaterThan(0);
	expect((await matrix("production")).services).toEqual([]);
	await endFreeze(portal.deps, portal.actor("operator"), id, "it is over");
	await expect(endFreeze(portal.deps, portal.actor("operator"), id, "")).rejects.toThrow("was ended already, by operator");
	expect(await start("developer", { service: "orders" })).toMatchObject({ number: 1 });
	const rows = await portal.deps.database.auditRow.findMany({ where: { subject: id }, orderBy: { id: "asc" } });
	expect(rows.map(({ action, summary }) => `${action}: ${summary}`)).toEqual([
		expect.stringMatching(
			/^freeze.create: operator froze staging from .* to 2099-01-01 08:00 \(Europe\/Berlin\): the year ends$/,
		),
		`freeze.end: operator ended the freeze ${id} of staging: it is over`,
	]);
});

test("an administrator goes over it with a reason, kept with the rollout and in the audit; nobody else does", async () => {
	await freeze();
	const overrideFreeze = "customers cannot pay";
	await expect(start("operator", { service: "cart", overrideFreeze })).rejects.toMatchObject({ code: "forbidden" });
	const { number } = await start("admin", { service: "cart", overrideFreeze });
	const { rollout, auditRow } = portal.deps.database;
	const { events } = await rollout.findFirstOrThrow({ where: { service: "cart", number }, include: { events: true } });
	expect(events.map(({ message }) => message)).toEqual(['admin went over the freeze "the year ends": customers cannot pay']);
	const row = await auditRow.findFirstOrThrow({ where: { action: "rollout.start", subject: `cart/staging/${number}` } });
	expect(row.summary).toContain(overrideFreeze);
});

test("a freeze of one service keeps only that one out; a coming one and one that is over keep nobody out", async () => {
	await freeze({ service: "only-me", until: "2099-01-01" }).then(
		() => expect.unreachable(),
		(error: Error) => expect(error.message).toContain("There is no service only-me"),
	);
	await start("developer", { service: "only-me" });
	await freeze({ service: "only-me" });
	await freeze({ from: "2098-01-01T08:00" });
	await portal.deps.database.rollout.updateMany({ data: { state: "failed", endedAt: new Date() } });
	await expect(start("developer", { service: "only-me" })).rejects.toThrow("only-me in staging is frozen until 2099");
	expect(await start("developer", { service: "another" })).toMatchObject({ number: 1 });
	expect(await retry(portal.deps, portal.actor("developer"), { ...only, reason: "" })).toEqual({ number: 2 });
});

const only = { service: "only-me", environment: "staging", number: 1 };

test("what awaits approval when the freeze begins is not approved in it", async () => {
	const { number } = await start("developer", { service: "asked", staging: approvals });
	const { id } = await freeze();
	const { intentHash } = await portal.deps.database.rollout.findFirstOrThrow({ where: { service: "asked" } });
	const word = { service: "asked", environment: "staging", number, verdict: "approved", intentHash, reason: "" } as const;
	await expect(decide(portal.deps, portal.actor("approver"), word)).rejects.toThrow(
		"It can be approved when the freeze is over.",
	);
	await endFreeze(portal.deps, portal.actor("operator"), id, "");
	await decide(portal.deps, portal.actor("approver"), word);
});

test("a pipeline leaves its release to go on by itself when the freeze is over, and does not wait for that", async () => {
	await start("developer", { service: "pushed", environment: "production" });
	const { database, env } = portal.deps;
	const { id } = await freeze();
	const release = await database.release.findFirstOrThrow({ where: { service: "pushed" } });
	await database.repository.create({ data: { name: "pushed", createdBy: "ada" } });
	await database.pipeline.create({
		data: { id: "p1", repository: "pushed", number: 1, branch: "main", commit: "c", pushedBy: "ada" },
	});
	const request = {
		service: "pushed",
		environment: "staging",
		releaseId: release.id,
		origin: "pipeline",
		pipelineId: "p1",
	} as const;
	const begin = () => startPipelineRollout({ database, env }, portal.actor("developer"), request, new AbortController().signal);
	expect(await begin()).toEqual({ outcome: "frozen", number: null, release: 1, sentence });
	expect(await begin()).toMatchObject({ outcome: "frozen" });
	await startFollowUps(database);
	expect(await database.rollout.count({ where: { pipelineId: "p1" } })).toBe(0);
	await endFreeze(portal.deps, portal.actor("operator"), id, "");
	await startFollowUps(database);
	const rollout = await database.rollout.findFirstOrThrow({ where: { pipelineId: "p1" } });
	expect((await database.pipeline.findUniqueOrThrow({ where: { id: "p1" } })).rolloutId).toBe(rollout.id);
});

test("what is no time is refused with how to write it", async () => {
	await expect(freeze({ zone: "Europe/Nowhere" })).rejects.toThrow('"Europe/Nowhere" is no time zone');
	await expect(freeze({ weekly: "friday" })).rejects.toThrow('write it as "fri 18:00 - mon 08:00"');
	await expect(freeze({ until: "2020-01-01T08:00" })).rejects.toThrow("A freeze ends after it begins");
	await expect(freeze({ from: "2019-01-01T08:00", until: "2020-01-01T08:00" })).rejects.toThrow("is past");
	await expect(freeze({ weekly: "fri 18:00 - mon 08:00", until: "2099-01-01T08:00" })).rejects.toThrow("give one of the two");
	const { weekly } = await freeze({ weekly: "fri 18:00-mon 8:00" });
	expect(weekly).toBe("fri 18:00 - mon 08:00");
});

test("while a start is under way a freeze waits for it, and what begins after it sees it", async () => {
	const order: string[] = [];
	let go = (): void => {};
	const gate = new Promise<void>((resolve) => {
		go = resolve;
	});
	const under = portal.deps.database.$transaction(
		async (tx) => {
			await tx.$executeRaw`select 1 from environment where name = 'staging' for share`;
			order.push("start under way");
			await gate;
			order.push("started");
		},
		{ timeout: 20_000 },
	);
	await expect.poll(() => order).toEqual(["start under way"]);
	const made = freeze().then(() => order.push("frozen"));
	const waits = async () =>
		portal.deps.database.$queryRaw<
			unknown[]
		>`select 1 from pg_locks where not granted and locktype in ('transactionid', 'tuple')`;
	await expect.poll(async () => (await waits()).length, { timeout: 10_000 }).toBeGreaterThan(0);
	go();
	await Promise.all([under, made]);
	expect(order).toEqual(["start under way", "started", "frozen"]);
	await expect(start("developer", { service: "late" })).rejects.toThrow(sentence);
});
