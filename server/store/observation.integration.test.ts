import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Listener, listen } from "@/adapters/postgres/listen";
import type { EndpointReport, HostReport, InstanceReport, ProxyReport } from "@/domain/host/model";
import { channels } from "@/server/store/client";
import { recordReport } from "@/server/store/observation";
import { declareProxyLost } from "@/server/store/proxy";
import { type ScratchDatabase, scratchDatabase } from "@/server/store/testing/scratch-database";

let scratch: ScratchDatabase;
let listener: Listener;
const heard: string[] = [];
beforeAll(async () => {
	scratch = await scratchDatabase();
	listener = await listen(scratch.url, [channels.observed, channels.host, "done"], (channel, payload) => {
		heard.push(channel === "done" ? `done ${payload}` : `${channel.replace("sluice_", "")} ${payload}`);
	});
});
afterAll(async () => {
	await listener.close();
	await scratch.drop();
});

const start = Date.parse("2026-11-23T10:00:00.000Z");
beforeEach(async () => {
	const db = scratch.database;
	await db.$executeRaw`truncate host, service, environment, release, rollout, proxy_ack, proxy_endpoint cascade`;
	await db.environment.create({ data: { name: "staging", position: 1 } });
	for (const [index, service] of ["orders", "other"].entries()) {
		await db.service.create({ data: { name: service, createdBy: "u" } });
		await db.serviceEnvironment.create({
			data: { service, environment: "staging", virtualAddress: `10.254.0.${index + 1}`, trafficRevision: 9 },
		});
	}
	for (const id of ["h1", "h2"]) await db.host.create({ data: { id, address: "10.9.0.1", roles: ["node"] } });
	await addInstance("i1", "h1", "serving");
	await addInstance("i2", "h2", "serving");
	await db.rollout.create({
		data: {
			id: "r2",
			service: "orders",
			environment: "staging",
			number: 2,
			strategy: "rolling",
			state: "running",
			toReleaseId: "rel2",
			plan: {},
			intentHash: "x",
			startedBy: "u",
		},
	});
});

async function addInstance(id: string, hostId: string, phase: string): Promise<void> {
	await scratch.database.instance.create({
		data: {
			id,
			service: "orders",
			environment: "staging",
			releaseId: "rel1",
			release: 1,
			hostId,
			rolloutId: "r1",
			spec: {},
			phase,
		},
	});
}

const running: InstanceReport = { id: "i1", state: "running", containerId: "c1", exitCode: null, restarts: 0, message: null };
const quiet: EndpointReport = {
	service: "orders",
	environment: "staging",
	release: 1,
	instance: "i1",
	health: "healthy",
	draining: false,
	active: 0,
	quietSamples: 0,
};

function proxy(change: Partial<ProxyReport> = {}): ProxyReport {
	return { id: "h1/envoy-0", roles: ["node"], alive: true, acks: [], endpoints: [], ...change };
}

function ack(revision: number, verdict: "ack" | "nack" = "ack") {
	return { service: "orders", environment: "staging", revision, verdict, message: verdict === "nack" ? "bad route" : null };
}

async function report(change: Partial<HostReport>, atMs = 0, host = "h1"): Promise<string[]> {
	const whole: HostReport = {
		bootId: "b1",
		desiredRevision: 3,
		converged: true,
		instances: [],
		proxies: [],
		capacity: { memoryBytes: 1024, cpus: 2 },
		problem: null,
		...change,
	};
	heard.length = 0;
	await scratch.database.$transaction((tx) => recordReport(tx, host, whole, new Date(start + atMs)));
	// Notices come in the order of commits: what was told by the report is heard before this mark.
	const mark = `${Math.random()}`;
	await scratch.database.$executeRaw`select pg_notify('done', ${mark})`;
	await expect.poll(() => heard.includes(`done ${mark}`), { interval: 2, timeout: 15_000 }).toBe(true);
	return heard.filter((notice) => !notice.startsWith("done")).sort();
}

test("a report writes lease, revision, instances, proxies, acknowledgements and endpoints, and tells who waits", async () => {
	const notices = await report({
		instances: [running],
		proxies: [proxy({ acks: [ack(4)], endpoints: [{ ...quiet, active: 2 }] })],
	});
	expect(notices).toEqual(["host h1", "observed orders/staging", "observed other/staging"]);
	const db = scratch.database;
	expect(await db.host.findUniqueOrThrow({ where: { id: "h1" } })).toMatchObject({
		leaseAt: new Date(start),
		bootId: "b1",
		reportedRevision: 3,
		converged: true,
		memoryBytes: 1024n,
	});
	expect(await db.instance.findUniqueOrThrow({ where: { id: "i1" } })).toMatchObject({ observed: "running", containerId: "c1" });
	expect(await db.proxy.findMany()).toMatchObject([{ id: "h1/envoy-0", hostId: "h1", alive: true, leaseAt: new Date(start) }]);
	expect(await db.proxyAck.findMany()).toMatchObject([{ proxyId: "h1/envoy-0", revision: 4, verdict: "ack" }]);
	expect(await db.proxyEndpoint.findMany()).toMatchObject([{ instanceId: "i1", health: "healthy", active: 2 }]);
});

test("a report that says the same writes no row and wakes nobody; only the lease is renewed after 2 s", async () => {
	const same = { instances: [running], proxies: [proxy({ acks: [ack(4)], endpoints: [quiet] })] };
	await report(same);
	const versions = () => scratch.database.$queryRaw`
		select (select string_agg(xmin::text, ',') from instance) as i, (select xmin::text from proxy) as p,
			(select xmin::text from proxy_ack) as a, (select xmin::text from proxy_endpoint) as e,
			(select xmin::text from host where id = 'h1') as h`;
	const before = await versions();
	expect(await report(same, 1_000)).toEqual([]);
	expect(await versions()).toEqual(before);
	expect(await report(same, 2_500)).toEqual([]);
	expect(await scratch.database.host.findUniqueOrThrow({ where: { id: "h1" } })).toMatchObject({
		leaseAt: new Date(start + 2_500),
	});
	expect(await scratch.database.proxy.findMany()).toMatchObject([{ leaseAt: new Date(start + 2_500) }]);
});

test("a host writes nothing about another host's instances or proxies", async () => {
	await report({ proxies: [proxy({ id: "h2/envoy-0", acks: [ack(4)], endpoints: [quiet] })] }, 0, "h2");
	const lie = proxy({ id: "h2/envoy-0", roles: ["gateway"], acks: [ack(9)], endpoints: [] });
	await report({ instances: [{ ...running, id: "i2" }], proxies: [lie] }, 3_000);
	await report({ proxies: [{ ...lie, alive: false }] }, 6_000);
	expect(await scratch.database.instance.findUniqueOrThrow({ where: { id: "i2" } })).toMatchObject({ observed: null });
	expect(await scratch.database.proxy.findMany()).toMatchObject([
		{ id: "h2/envoy-0", hostId: "h2", roles: ["node"], alive: true, leaseAt: new Date(start) },
	]);
	expect(await scratch.database.proxyAck.findMany()).toMatchObject([{ revision: 4 }]);
	expect(await scratch.database.proxyEndpoint.count()).toBe(1);
});

test("an older revision never replaces a newer one of the same start; after a restart the newest word counts", async () => {
	await report({ proxies: [proxy({ acks: [ack(8)] })] });
	expect(await report({ proxies: [proxy({ acks: [ack(7)] })] }, 100)).toEqual([]);
	expect(await scratch.database.proxyAck.findMany()).toMatchObject([{ revision: 8 }]);
	await report({ proxies: [proxy({ acks: [ack(8, "nack")] })] }, 200);
	expect(await scratch.database.proxyAck.findMany()).toMatchObject([{ revision: 8, verdict: "nack", message: "bad route" }]);
	await report({ bootId: "b2", proxies: [proxy({ acks: [ack(7)] })] }, 300);
	expect(await scratch.database.proxyAck.findMany()).toMatchObject([{ revision: 7, verdict: "ack", message: null }]);
});

test("an instance the host no longer names is not there", async () => {
	await report({ instances: [running] });
	expect(await report({ instances: [] }, 100)).toEqual(["host h1", "observed orders/staging"]);
	expect(await scratch.database.instance.findUniqueOrThrow({ where: { id: "i1" } })).toMatchObject({
		observed: null,
		containerId: null,
	});
});

test("what a living proxy no longer shows is forgotten; a dead one's last words stay", async () => {
	await report({ proxies: [proxy({ endpoints: [quiet] })] });
	await report({ proxies: [proxy({ alive: false })] }, 100);
	expect(await scratch.database.proxyEndpoint.count()).toBe(1);
	await report({ proxies: [proxy({ endpoints: [] })] }, 200);
	expect(await scratch.database.proxyEndpoint.count()).toBe(0);
});

test("a proxy missing from its host's report is not alive, and keeps its lease's end", async () => {
	await report({ proxies: [proxy()] });
	await report({ proxies: [] }, 3_000);
	expect(await scratch.database.proxy.findMany()).toMatchObject([{ alive: false, leaseAt: new Date(start) }]);
});

test("health, DRAINING and being drained wake the rollout; a number in flight does not", async () => {
	const show = (change: Partial<EndpointReport>, atMs: number) =>
		report({ proxies: [proxy({ endpoints: [{ ...quiet, ...change }] })] }, atMs);
	await show({}, 0);
	expect(await show({ active: 5 }, 100)).toEqual([]);
	expect(await show({ health: "unhealthy" }, 200)).toEqual(["host h1", "observed orders/staging"]);
	expect(await show({ draining: true }, 300)).toEqual(["host h1", "observed orders/staging"]);
	expect(await show({ draining: true, quietSamples: 1 }, 400)).toEqual([]);
	expect(await show({ draining: true, quietSamples: 2 }, 500)).toEqual(["host h1", "observed orders/staging"]);
	expect(await show({ draining: true, quietSamples: 3 }, 600)).toEqual([]);
});

test("the in-flight curve of a draining instance sums all proxies, at most ten points a second", async () => {
	const show = (host: string, active: number, atMs: number) =>
		report({ proxies: [proxy({ id: `${host}/envoy-0`, endpoints: [{ ...quiet, active }] })] }, atMs, host);
	await show("h1", 3, 0);
	await show("h2", 4, 0);
	expect(await scratch.database.drainSample.count()).toBe(0);
	await scratch.database.instance.update({ where: { id: "i1" }, data: { phase: "draining" } });
	await show("h1", 2, 100);
	await show("h2", 4, 150);
	await show("h2", 1, 200);
	const samples = await scratch.database.drainSample.findMany({ orderBy: { at: "asc" } });
	expect(samples.map(({ rolloutId, instanceId, active }) => [rolloutId, instanceId, active])).toEqual([
		["r2", "i1", 6],
		["r2", "i1", 3],
	]);
});

test("a proxy declared lost is found again by its next report, and one that answers cannot be declared", async () => {
	await report({ proxies: [proxy()] });
	const early = declareProxyLost(scratch.database, "h1/envoy-0", new Date(start + 14_000));
	await expect(early).rejects.toThrow("only a silent one can be declared lost");
	await scratch.database.$transaction((tx) => declareProxyLost(tx, "h1/envoy-0", new Date(start + 16_000)));
	expect(await report({ proxies: [proxy()] }, 20_000)).toContain("observed orders/staging");
	expect(await scratch.database.proxy.findMany()).toMatchObject([{ declaredLostAt: null, alive: true }]);
});

test("a report of a host that is not there, or was removed, is refused", async () => {
	await expect(report({}, 0, "h9")).rejects.toThrow("There is no host h9");
	await scratch.database.host.update({ where: { id: "h1" }, data: { state: "removed" } });
	await expect(report({})).rejects.toThrow("There is no host h1");
});
