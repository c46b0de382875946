import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newSerial } from "@/adapters/ca/authority";
import type { HostReport } from "@/domain/host/model";
import { openTestRelay, type TestRelay } from "@/server/relay/testing/open-test-relay";
import type { Reply } from "@/server/relay/testing/test-host";
import { removeHostForGood } from "@/server/services/host";
import { notify } from "@/server/store/client";

let relay: TestRelay;
const registry = createServer((request, response) => response.end(`${request.method} ${request.url}`));
beforeAll(async () => {
	await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
	relay = await openTestRelay(`127.0.0.1:${(registry.address() as AddressInfo).port}`);
});
afterAll(async () => {
	await relay.close();
	registry.close();
});

const idle: HostReport = {
	bootId: "b1",
	desiredRevision: 0,
	converged: true,
	instances: [],
	proxies: [],
	capacity: { memoryBytes: 1, cpus: 1 },
	problem: null,
};

function said(reply: Reply): string {
	return (reply.body as { message: string }).message;
}

test("a host that joins gets a certificate, its roles from the token, and an audit row", async () => {
	const host = await relay.newHost();
	const reply = await host.join(await relay.token("j1"), "j1");
	expect(reply.status).toBe(200);
	expect(reply.body).toMatchObject({ installation: "test01", host: "j1", roles: ["gateway", "node"], ca: relay.authority.pem });
	expect(await host.send("GET", "/v1/desired")).toMatchObject({ status: 200, body: { host: "j1", revision: 0, instances: [] } });
	const audit = await relay.database.auditRow.findFirstOrThrow({ where: { action: "host.join", subject: "j1" } });
	expect(audit).toMatchObject({ actorKind: "token", actorName: "operator" });
});

test("a join token works once, for one name, for 15 minutes", async () => {
	const token = await relay.token("t1");
	const host = await relay.newHost();
	expect(said(await host.join(token, "t2"))).toContain("is for host t1");
	expect((await host.join(token, "t1")).status).toBe(200);
	const thief = await relay.newHost();
	const replay = await thief.join(token, "t1");
	expect([replay.status, said(replay)]).toEqual([403, "Host t1 cannot join: the join token was used already. Make a new one."]);
	const old = await relay.token("t3", new Date(Date.now() - 15 * 60_000 - 1));
	expect(said(await thief.join(old, "t3"))).toContain("older than 15 minutes");
	const wrongSecret = (await relay.token("t4")).replace(/\..*\./, ".guessed.");
	expect(said(await thief.join(wrongSecret, "t4"))).toContain("not known here");
	expect(await relay.database.host.count({ where: { id: { in: ["t2", "t3", "t4"] } } })).toBe(0);
});

test("of two that use one token at once, one joins", async () => {
	const token = await relay.token("race");
	const hosts = await Promise.all([relay.newHost(), relay.newHost()]);
	const statuses = await Promise.all(hosts.map(async (host) => (await host.join(token, "race")).status));
	expect(statuses.sort()).toEqual([200, 403]);
});

test("the secret of a join token is not in the database", async () => {
	const [, secret = ""] = (await relay.token("t5")).split(".");
	expect(JSON.stringify(await relay.database.joinToken.findMany())).not.toContain(secret);
});

test("an address that other hosts cannot reach is refused", async () => {
	const host = await relay.newHost();
	for (const address of ["127.0.0.1", "0.0.0.0", "nowhere"]) {
		const reply = await host.join(await relay.token("a1"), "a1", address);
		expect([reply.status, said(reply)]).toEqual([400, expect.stringContaining("not loopback or 0.0.0.0")]);
	}
});

test("without a certificate, or with one of another authority, only health and join answer", async () => {
	const stranger = await relay.newHost();
	expect((await stranger.send("GET", "/v1/health")).status).toBe(200);
	for (const path of ["/v1/desired", "/v1/traffic", "/v1/hints", "/v2/", "/v1/nothing"])
		expect((await stranger.send("GET", path)).status).toBe(401);
	expect((await stranger.send("POST", "/v1/report", idle)).status).toBe(401);
	const { authority: other, close } = await openTestRelay();
	try {
		const { signHostCertificate } = await import("@/adapters/ca/host-certificate");
		const joined = await relay.joined("o1");
		const forged = await signHostCertificate(other, await joined.csr(), "o1");
		await relay.database.host.update({ where: { id: "o1" }, data: { certificateSerial: forged.serial } });
		joined.certificate = forged.certificate;
		expect((await joined.send("GET", "/v1/desired")).status).toBe(401);
	} finally {
		await close();
	}
});

test("a removed host's certificate is refused at once, its stream of hints ends, and it may join again with a new token", async () => {
	const host = await relay.joined("rm1");
	const hints = host.hints();
	expect((await hints.next()).done).toBe(false);
	expect((await host.send("POST", "/v1/report", idle)).status).toBe(204);
	const operator = { kind: "user", id: "u", name: "operator", role: "operator" } as const;
	const remove = (force: boolean) => removeHostForGood(relay, operator, { host: "rm1", force });
	await expect(remove(true)).rejects.toThrow("Host rm1 answers");
	await relay.database.host.update({ where: { id: "rm1" }, data: { leaseAt: new Date(Date.now() - 16_000) } });
	await remove(false);
	expect((await hints.next()).done).toBe(true);
	for (const [method, path] of [
		["GET", "/v1/desired"],
		["GET", "/v1/traffic"],
		["POST", "/v1/report"],
		["POST", "/v1/renew"],
		["GET", "/v2/"],
	] as const)
		expect([path, (await host.send(method, path)).status]).toEqual([path, 401]);
	expect((await host.join(await relay.token("rm1"), "rm1")).status).toBe(200);
	expect((await host.send("GET", "/v1/desired")).status).toBe(200);
});

test("a host's certificate reads and reports only its own", async () => {
	const [one, two] = await Promise.all([relay.joined("own1"), relay.joined("own2")]);
	expect((await two.send("GET", "/v1/desired")).body).toMatchObject({ host: "own2" });
	const proxies = [{ id: "own1/envoy-0", roles: ["gateway"] as const, alive: true, acks: [], endpoints: [] }];
	const reply = await two.send("POST", "/v1/report", { ...idle, proxies });
	expect([reply.status, said(reply)]).toEqual([403, "Host own2 cannot report for proxy own1/envoy-0."]);
	expect((await one.send("POST", "/v1/report", { ...idle, proxies })).status).toBe(204);
	expect(await relay.database.proxy.findUniqueOrThrow({ where: { id: "own1/envoy-0" } })).toMatchObject({
		hostId: "own1",
		alive: true,
	});
});

test("a replaced certificate and a removed host's are refused, and their hint streams end", async () => {
	const host = await relay.joined("rev1");
	const hints = host.hints();
	await hints.next();
	await relay.database.host.update({ where: { id: "rev1" }, data: { certificateSerial: newSerial() } });
	expect((await host.send("GET", "/v1/desired")).status).toBe(401);
	await notify(relay.database, "desired", "rev1");
	expect((await hints.next()).done).toBe(true);
	const removed = await relay.joined("rev2");
	await relay.database.host.update({ where: { id: "rev2" }, data: { state: "removed" } });
	expect((await removed.send("POST", "/v1/report", idle)).status).toBe(401);
});

test("renewal: old and new both work until the new one is first used, then only the new", async () => {
	const host = await relay.joined("ren1");
	const old = host.certificate;
	const lost = await host.send("POST", "/v1/renew", { csr: await host.csr() });
	expect(lost.status).toBe(200);
	const renewed = (await host.send("POST", "/v1/renew", { csr: await host.csr("CN=other") })).body as { certificate: string };
	expect((await host.send("GET", "/v1/desired")).status).toBe(200);
	host.certificate = renewed.certificate;
	expect((await host.send("GET", "/v1/desired")).body).toMatchObject({ host: "ren1" });
	host.certificate = old;
	expect((await host.send("GET", "/v1/desired")).status).toBe(401);
});

test("a hint comes at once, and again when the desired document or any traffic changes", async () => {
	const host = await relay.joined("hint1");
	const hints = host.hints();
	const first = (await hints.next()).value;
	expect(first).toMatchObject({ desiredRevision: 0 });
	await relay.database.$transaction(async (tx) => {
		await tx.host.update({ where: { id: "hint1" }, data: { desiredRevision: 7 } });
		await notify(tx, "desired", "hint1");
	});
	expect((await hints.next()).value).toMatchObject({ desiredRevision: 7, traffic: first?.traffic });
	await publish("hinted", 1);
	const changed = (await hints.next()).value;
	expect(changed?.traffic).not.toBe(first?.traffic);
	const traffic = await host.send("GET", "/v1/traffic");
	expect(traffic.headers.etag).toBe(`"${changed?.traffic}"`);
	expect(traffic.body).toMatchObject({ installation: "test01", services: [{ service: "hinted", revision: 1 }] });
	expect((await host.send("GET", "/v1/traffic", undefined, { "if-none-match": String(traffic.headers.etag) })).status).toBe(304);
	await hints.return(undefined);
});

test("images can be read through the relay, never written", async () => {
	const host = await relay.joined("img1");
	expect((await host.send("GET", "/v2/shop/manifests/latest?x=1")).body).toBe("GET /v2/shop/manifests/latest?x=1");
	expect((await host.send("HEAD", "/v2/")).status).toBe(200);
	for (const method of ["PUT", "POST", "DELETE", "PATCH"])
		expect((await host.send(method, "/v2/shop/blobs/uploads/")).status).toBe(404);
});

test("a body that is too large, or not what was agreed, is refused with a sentence", async () => {
	const host = await relay.joined("bad1");
	const reply = await host.send("POST", "/v1/report", { ...idle, converged: "yes" });
	expect([reply.status, said(reply)]).toEqual([400, expect.stringContaining('"converged"')]);
	expect(said(await host.send("POST", "/v1/join", { csr: "x".repeat(20_000) }))).toContain("larger than 16384 bytes");
});

test("while Postgres is away hosts get a sentence and keep their hint stream, and all comes back by itself", async () => {
	const host = await relay.joined("away1");
	const hints = host.hints();
	const first = (await hints.next()).value;
	relay.line.cut();
	const reply = await host.send("GET", "/v1/desired");
	expect([reply.status, said(reply)]).toEqual([503, expect.stringContaining("database does not answer: keep what you have")]);
	// The keep-alive of 5 s goes on without Postgres.
	expect((await hints.next()).value).toEqual(first);
	relay.line.mend();
	await expect.poll(async () => (await host.send("POST", "/v1/report", idle)).status, { timeout: 15_000 }).toBe(204);
	await relay.database.host.update({ where: { id: "away1" }, data: { desiredRevision: 3 } });
	await expect.poll(async () => (await hints.next()).value?.desiredRevision, { timeout: 15_000 }).toBe(3);
	await hints.return(undefined);
});

async function publish(service: string, revision: number): Promise<void> {
	await relay.database.$transaction(async (tx) => {
		await tx.service.create({ data: { name: service, createdBy: "operator" } });
		await tx.environment.upsert({ where: { name: "staging" }, create: { name: "staging", position: 1 }, update: {} });
		await tx.serviceEnvironment.create({
			data: {
				service,
				environment: "staging",
				virtualAddress: "10.254.0.9",
				trafficRevision: revision,
				traffic: { service, environment: "staging", revision },
			},
		});
		await notify(tx, "traffic", `${service}/staging`);
	});
}
