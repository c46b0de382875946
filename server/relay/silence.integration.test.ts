import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Listener, listen } from "@/adapters/postgres/listen";
import { cloudEventText } from "@/domain/webhook/event";
import { SilenceWatch } from "@/server/relay/silence";
import { channels } from "@/server/store/client";
import { recordReport } from "@/server/store/observation";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";
import { eventOf } from "@/server/store/webhook-event";

let scratch: ScratchDatabase;
let listener: Listener;
const noticed: string[] = [];

beforeAll(async () => {
	scratch = await scratchDatabase();
	listener = await listen(scratch.url, [channels.host, "done"], (_, payload) => {
		if (payload !== null) noticed.push(payload);
	});
});
afterAll(async () => {
	await listener.close();
	await scratch.drop();
});

beforeEach(async () => {
	const db = scratch.database;
	await db.$executeRaw`truncate host, webhook_event, webhook_delivery, webhook, outbox cascade`;
	for (const id of ["h1", "h2"]) await db.host.create({ data: { id, address: "10.9.0.1", roles: ["node"] } });
	const who = { createdBy: "u", createdAt: new Date() };
	await db.webhook.create({
		data: { ...who, id: "w", name: "w", address: "https://receiver.example/", types: [], services: [] },
	});
	await heard("h1");
	await heard("h2");
});

const report = { bootId: "b", desiredRevision: 0, converged: true, problem: null, instances: [], proxies: [] };

/** As its agent does it. */
async function heard(host: string): Promise<void> {
	const said = { ...report, capacity: { memoryBytes: 1, cpus: 1 } } as unknown as Parameters<typeof recordReport>[2];
	await scratch.database.$transaction((tx) => recordReport(tx, host, said, new Date()));
}

/** It was heard that long ago. */
async function silentFor(host: string, ms: number): Promise<void> {
	await scratch.database.host.update({ where: { id: host }, data: { leaseAt: new Date(Date.now() - ms) } });
}

/** Looks as often as the relay does, from then to then. */
async function looks(watch: SilenceWatch, fromMs: number, toMs: number): Promise<void> {
	for (let now = fromMs; now <= toMs; now += 5_000) await watch.look(now);
}

async function told(): Promise<string[]> {
	const rows = await scratch.database.webhookEvent.findMany({ orderBy: { at: "asc" } });
	return rows.map(({ type, subject }) => `${subject} ${type.split(".").at(-1)}`);
}

const outbox = () => scratch.database.outbox.count({ where: { kind: "webhook.deliver" } });

test("a silence is told once, by whoever looks and however often it starts again, and so is its end", async () => {
	await silentFor("h1", 40_000);
	const watch = new SilenceWatch(scratch.database);
	await looks(watch, 0, 60_000);
	expect(await told()).toEqual(["h1 silent"]);
	// A relay that was killed and started again, and two at a time.
	const others = [new SilenceWatch(scratch.database), new SilenceWatch(scratch.database)];
	await Promise.all(others.map((other) => looks(other, 0, 60_000)));
	expect(await told()).toEqual(["h1 silent"]);

	await heard("h1");
	await Promise.all(others.map((other) => looks(other, 65_000, 90_000)));
	expect(await told()).toEqual(["h1 silent", "h1 heard"]);
	// Each waits in the outbox for a worker, whoever that is by then.
	expect(await outbox()).toBe(2);

	await silentFor("h1", 20_000);
	await looks(watch, 65_000, 90_000);
	expect(await told()).toEqual(["h1 silent", "h1 heard", "h1 silent"]);
});

test("the audit trail has a row of each, open pages are told, and the event says since when", async () => {
	const since = new Date(Date.now() - 60_000);
	await scratch.database.host.update({ where: { id: "h2" }, data: { leaseAt: since } });
	const before = (await scratch.database.auditRow.count()) + 2;
	noticed.length = 0;
	const watch = new SilenceWatch(scratch.database);
	await looks(watch, 0, 20_000);
	await heard("h2");
	await watch.look(25_000);
	await scratch.database.$executeRaw`select pg_notify('done', 'done')`;
	await expect.poll(() => noticed.at(-1)).toBe("done");
	// Silent, its own report, heard.
	expect(noticed.filter((host) => host === "h2").length).toBeGreaterThanOrEqual(3);
	const rows = await scratch.database.auditRow.findMany({ orderBy: { id: "asc" } });
	expect(rows.length).toBe(before);
	const [silent, again] = rows.slice(-2);
	expect(silent).toMatchObject({ action: "host.silent", subject: "h2", actorKind: "system" });
	expect(silent?.summary).toBe(`Host h2 is silent: it was last heard at ${since.toISOString()}.`);
	expect(again?.action).toBe("host.heard");
	expect(again?.summary).toMatch(/^Host h2 is heard again, after 6\d s of silence\.$/);
	const [event] = await scratch.database.webhookEvent.findMany({ where: { type: "dev.sluice.host.silent" } });
	if (!event) throw new Error("no event");
	const text = cloudEventText(eventOf(event), { installation: "abc123", portalUrl: "http://localhost:1" });
	expect(JSON.parse(text)).toMatchObject({
		...{ type: "dev.sluice.host.silent", subject: "h2" },
		data: { customData: { lastHeard: since.toISOString(), page: "http://localhost:1/hosts" } },
	});
});

test("nobody is called silent before the relay has listened long enough, nor a host that was removed or never reported", async () => {
	await silentFor("h1", 40_000);
	await scratch.database.host.update({ where: { id: "h2" }, data: { leaseAt: new Date(0), state: "removed" } });
	await scratch.database.host.create({ data: { id: "h3", address: "10.9.0.3", roles: ["node"] } });
	const watch = new SilenceWatch(scratch.database);
	await looks(watch, 0, 15_000);
	// It was stopped for a minute, and listens anew.
	await looks(watch, 75_000, 90_000);
	expect(await told()).toEqual([]);
	await watch.look(95_000);
	expect(await told()).toEqual(["h1 silent"]);
});

test("a look that fails tells nothing and marks nothing: the next one does", async () => {
	await silentFor("h1", 40_000);
	const watch = new SilenceWatch(scratch.database);
	await looks(watch, 0, 15_000);
	await scratch.database.$executeRaw`alter table webhook_event rename to webhook_event_away`;
	try {
		await expect(watch.look(20_000)).rejects.toThrow();
	} finally {
		await scratch.database.$executeRaw`alter table webhook_event_away rename to webhook_event`;
	}
	await looks(watch, 25_000, 45_000);
	expect(await told()).toEqual(["h1 silent"]);
});
