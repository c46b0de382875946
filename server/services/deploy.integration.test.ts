import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deploy } from "@/server/services/deploy";
import { openTestPortal, type TestPortal } from "@/server/testing/portal";

/** What cannot be deployed is refused with a sentence, before anything moves and before anything is recorded. */
let portal: TestPortal;
let registry: Server;
/** What the registry answers when it is asked for an image. */
let answer = 200;

beforeAll(async () => {
	portal = await openTestPortal();
	registry = createServer((_request, response) => response.writeHead(answer).end());
	await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
	registry.close();
	await portal.close();
});

const digest = `sha256:${"a".repeat(64)}`;
const manifest = `apiVersion: score.dev/v1b1
metadata: {name: parcels}
containers: {main: {image: .}}
service: {ports: {http: {port: 8080}}}
`;
const wish = { manifest, file: "sluice.yaml", image: `parcels@${digest}`, environment: "staging" };

function run(input: Parameters<typeof deploy>[2]) {
	const address = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
	const env = { ...portal.deps.env, registry: address };
	return deploy({ database: portal.deps.database, env }, portal.actor("developer"), input);
}

async function rows(): Promise<number[]> {
	const { service, release, rollout, auditRow } = portal.deps.database;
	return Promise.all([service.count(), release.count(), rollout.count(), auditRow.count({ where: { action: "rollout.start" } })]);
}

test("without a host, to an environment that is not there, of no digest, of an image that the registry has not", async () => {
	await expect(run(wish)).rejects.toThrow("No host has joined yet: `sluice host token` makes a token for the first one.");
	await portal.deps.database.host.create({
		data: { id: "h1", address: "10.0.0.1", roles: ["node"], memoryBytes: 8n << 30n, cpus: 2 },
	});
	await expect(run({ ...wish, environment: "moon" })).rejects.toThrow(
		"There is no environment moon: choose one of staging, production.",
	);
	await expect(run({ ...wish, image: "parcels:latest" })).rejects.toThrow('"parcels:latest" is not an image by digest');
	answer = 404;
	await expect(run(wish)).rejects.toThrow(`The registry has no parcels@${digest}: push it with \`sluice image push\``);
	answer = 500;
	await expect(run(wish)).rejects.toThrow("The image registry answered 500 when asked for parcels.");
	answer = 200;
	expect(await rows()).toEqual([0, 0, 0, 0]);
});

test("of a recorded release whose digest is gone from the registry since, and a second one while the first moves", async () => {
	const { number } = await run(wish);
	await expect(run({ ...wish, image: `parcels@sha256:${"b".repeat(64)}` })).rejects.toThrow(
		`parcels in staging already has rollout ${number} by developer; abort it or wait.`,
	);
	const before = await rows();
	answer = 404;
	await expect(run({ service: "parcels", release: 1, environment: "production" })).rejects.toThrow(
		`The registry has no parcels@${digest}: build release 1 again with a push, or choose another release.`,
	);
	expect(await rows()).toEqual(before);
});
