import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { type Authority, ensureAuthority } from "@/adapters/ca/authority";
import { createLog } from "@/adapters/log/log";
import { pathsOf, portOf } from "@/domain/installation";
import type { Env } from "@/server/env";
import { openRelay, type Relay } from "@/server/relay/relay";
import { TestHost } from "@/server/relay/testing/test-host";
import { openDatabase } from "@/server/store/client";
import { createJoinToken } from "@/server/store/join-token";
import { type ScratchDatabase, scratchAuditKey, scratchDatabase } from "@/server/store/testing/scratch-database";
import { type SeverableLine, severableLine } from "@/server/store/testing/severable-line";

export interface TestRelay extends ScratchDatabase {
	/** Between relay and Postgres; `database` goes around it. */
	readonly line: SeverableLine;
	readonly env: Env;
	readonly relay: Relay;
	readonly relayUrl: string;
	/** Of what the relay shows to Prometheus. */
	readonly metricsUrl: string;
	readonly authority: Authority;
	token(host: string, now?: Date): Promise<string>;
	newHost(): Promise<TestHost>;
	joined(name: string): Promise<TestHost>;
	close(): Promise<void>;
}

/** The real relay over a scratch database, on a free port of loopback. */
export async function openTestRelay(registry = "127.0.0.1:1"): Promise<TestRelay> {
	const scratch = await scratchDatabase();
	const line = await severableLine(scratch.url);
	const database = openDatabase(line.url, scratchAuditKey);
	const home = await mkdtemp(`${tmpdir()}/sluice-relay-`);
	const portBase = await freePortBase();
	const env: Env = {
		home,
		installation: { id: "test01", portBase, domain: "localhost", fleet: [] },
		paths: pathsOf(home),
		databaseUrl: line.url,
		temporalAddress: "127.0.0.1:1",
		registry,
		portalUrl: "http://localhost:1",
		gitUrl: "http://localhost:1",
	};
	const log = { ...createLog("relay"), debug() {}, info() {}, warn() {}, error() {} };
	const relay = await openRelay(env, database, log);
	const authority = await ensureAuthority(env.paths);
	const relayUrl = `https://127.0.0.1:${portOf(portBase, "relay")}`;
	const newHost = () => TestHost.create(relayUrl, authority.pem);
	const token = (host: string, now?: Date) =>
		createJoinToken(
			scratch.database,
			{ host, roles: ["gateway", "node"], createdBy: "operator", caSha256: authority.sha256 },
			now,
		);
	return {
		...scratch,
		line,
		env,
		relay,
		relayUrl,
		metricsUrl: `http://127.0.0.1:${portOf(portBase, "metrics")}/metrics`,
		authority,
		token,
		newHost,
		async joined(name) {
			const host = await newHost();
			const reply = await host.join(await token(name), name);
			if (reply.status !== 200) throw new Error(`join: ${JSON.stringify(reply.body)}`);
			return host;
		},
		async close() {
			await relay.close(0);
			await database.$disconnect();
			await line.close();
			await scratch.drop();
			await rm(home, { recursive: true });
		},
	};
}

/** Below the ports that the system gives to connections: what is free now is free when the relay listens. */
async function freePortBase(): Promise<number> {
	for (;;) {
		const base = randomInt(10_000, 17_000);
		const ports = [portOf(base, "relay"), portOf(base, "metrics")];
		if ((await Promise.all(ports.map(isFree))).every(Boolean)) return base;
	}
}

function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", () => resolve(false));
		server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
	});
}

export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	await new Promise<void>((resolve) => server.close(() => resolve()));
	if (address === null || typeof address === "string") throw new Error("no port");
	return address.port;
}
