import { afterAll, beforeAll, expect, test } from "vitest";
import { seal } from "@/adapters/secrets/cipher";
import { ensureSecretKeys } from "@/adapters/secrets/key-file";
import type { DesiredInstance } from "@/domain/host/model";
import { openTestRelay, type TestRelay } from "@/server/relay/testing/open-test-relay";
import { insertConfigVersion, insertSecret } from "@/server/store/config";
import { changeDesired, insertInstance, stopInstances } from "@/server/store/instance";

let relay: TestRelay;
const planted = "planted-secret-77ab01";
const identity = { service: "orders", environment: "staging" };

beforeAll(async () => {
	relay = await openTestRelay();
	const keys = await ensureSecretKeys(relay.env.paths.configKey);
	for (const [version, value] of [
		[1, planted],
		[2, "newer"],
	] as const) {
		const secretId = await insertSecret(
			relay.database,
			{ ...identity, name: "API_KEY", version },
			seal(keys, { ...identity, name: "API_KEY", version }, value),
			"mei",
		);
		const entries = {
			API_KEY: { kind: "secret", secretId, version, hasLines: false },
			LOG_LEVEL: { kind: "plain", value: "info" },
			UNUSED: { kind: "plain", value: "not asked for" },
		} as const;
		await insertConfigVersion(relay.database, identity, { version, entries, comment: "", createdBy: "mei" });
	}
});
afterAll(() => relay.close());

function spec(id: string): DesiredInstance {
	return {
		...identity,
		id,
		containerName: id,
		release: 1,
		image: "orders@sha256:0",
		command: null,
		variables: {},
		configVersion: 1,
		references: {
			variables: { LEVEL: { source: "config", name: "LOG_LEVEL" }, KEY: { source: "secret", name: "API_KEY" } },
			files: { "/run/secrets/key": { source: "secret", name: "API_KEY" } },
		},
		ports: [],
		limits: { memoryBytes: 1, cpus: 1 },
		network: "n",
		stopGraceMs: 1,
	};
}

async function desire(host: string, id: string): Promise<void> {
	await relay.database.$transaction((tx) =>
		changeDesired(tx, host, async () => {
			await insertInstance(tx, { spec: spec(id), releaseId: "r", rolloutId: "ro", hostId: host });
			return true;
		}),
	);
}

test("a host gets the values of its own instances, of the version they were created for, and only what they name", async () => {
	const host = await relay.joined("c1");
	await desire("c1", "orders-c1");
	const reply = await host.send("GET", "/v1/config?instance=orders-c1");
	expect(reply.status).toBe(200);
	expect(reply.headers["cache-control"]).toBe("no-store");
	expect(reply.body).toEqual({ variables: { LEVEL: "info", KEY: planted }, files: { "/run/secrets/key": planted } });
	const document = await host.send("GET", "/v1/desired");
	expect(JSON.stringify(document.body)).toContain("API_KEY");
	expect(JSON.stringify(document.body)).not.toContain(planted);
});

test("another host is refused, with the sentence it gets for an instance that does not exist", async () => {
	const own = await relay.joined("c2");
	const other = await relay.joined("c3");
	await desire("c2", "orders-c2");
	expect((await own.send("GET", "/v1/config?instance=orders-c2")).status).toBe(200);
	const [refused, unknown] = [
		await other.send("GET", "/v1/config?instance=orders-c2"),
		await other.send("GET", "/v1/config?instance=no-such"),
	];
	expect([refused.status, unknown.status]).toEqual([403, 403]);
	expect(refused.body).toEqual(unknown.body);
	expect((await (await relay.newHost()).send("GET", "/v1/config?instance=orders-c2")).status).toBe(401);
});

test("an instance that left the host's document has no values any more", async () => {
	const host = await relay.joined("c4");
	await desire("c4", "orders-c4");
	await relay.database.$transaction((tx) => stopInstances(tx, ["orders-c4"]));
	expect((await host.send("GET", "/v1/config?instance=orders-c4")).status).toBe(403);
	expect((await host.send("GET", "/v1/config")).status).toBe(400);
});

test("without the database the answer is to try again, and a row that was moved opens nowhere", async () => {
	const host = await relay.joined("c5");
	await desire("c5", "orders-c5");
	relay.line.cut();
	expect((await host.send("GET", "/v1/config?instance=orders-c5")).status).toBe(503);
	relay.line.mend();
	await relay.database.secretValue.updateMany({ where: { ...identity, version: 1 }, data: { version: 9 } });
	const reply = await host.send("GET", "/v1/config?instance=orders-c5");
	expect(reply.status).toBe(500);
	expect(JSON.stringify(reply.body)).toContain("cannot be decrypted");
	expect(JSON.stringify(reply.body)).not.toContain(planted);
});
