import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { ensureAuthority } from "@/adapters/ca/authority";
import { ensureRelayCertificate } from "@/adapters/ca/relay-certificate";
import { InstanceLogWriter } from "@/adapters/instance-log/writer";
import type { Log } from "@/adapters/log/log";
import { ensureSecretKeys } from "@/adapters/secrets/key-file";
import { AppError, messageOf } from "@/domain/errors";
import { portOf } from "@/domain/installation";
import type { Env } from "@/server/env";
import { relayAddresses } from "@/server/relay/addresses";
import type { RelayContext } from "@/server/relay/context";
import { answer } from "@/server/relay/door";
import { HintHub } from "@/server/relay/hints";
import { serveMetrics } from "@/server/relay/metrics";
import { followNotices } from "@/server/relay/notices";
import { RequestMetrics } from "@/server/relay/request-metrics";
import { watchSilence } from "@/server/relay/silence";
import { TrafficSource } from "@/server/relay/traffic-document";
import type { Database } from "@/server/store/client";

export interface Relay {
	/** `https://address:port` of each listener. */
	readonly urls: readonly string[];
	/** Ends the hint streams, lets requests under way finish for `graceMs`, then cuts what is left. */
	close(graceMs?: number): Promise<void>;
}

const keepAliveMs = 5_000;
const certificateCheckMs = 12 * 60 * 60_000;
const addressCheckMs = 5_000;

/**
 * Opens the hosts' door on every address of this installation. One that this machine does not have now (a cable out, a
 * lease over) is tried again and holds up no host that comes by another. Throws a sentence when another program has the
 * port, and when none of the addresses is there.
 */
export async function openRelay(env: Env, database: Database, log: Log): Promise<Relay> {
	const authority = await ensureAuthority(env.paths);
	const addresses = relayAddresses(env.home);
	const hints = new HintHub(database, (error) => log.warn({ problem: messageOf(error) }, "hints cannot be read"));
	const context: RelayContext = {
		installation: env.installation.id,
		portBase: env.installation.portBase,
		database,
		authority,
		hints,
		traffic: new TrafficSource(database, env.installation.id),
		requestMetrics: new RequestMetrics(Date.now),
		secretKeys: await ensureSecretKeys(env.paths.configKey),
		instanceLogs: new InstanceLogWriter(env.paths.instanceLogs),
		registry: env.registry,
		log,
	};
	const tls = await ensureRelayCertificate(authority, env.paths, addresses);
	const servers = addresses.map(() => serverFor(context, tls));
	const port = portOf(env.installation.portBase, "relay");
	const missing = await listenOnAll(servers, addresses, port).catch((error: unknown) => {
		for (const server of servers) server.close();
		throw error;
	});
	for (const { server, address } of missing) {
		log.warn({ address }, "this machine has no such address now: no host can come by it");
		server.on("error", (error) => log.debug({ address, problem: error.message }, "still not listening"));
	}
	const metrics = await serveMetrics(env.home, portOf(env.installation.portBase, "metrics"), context.requestMetrics, log);
	const silence = watchSilence(database, log);
	const notices = followNotices(env.databaseUrl, hints, log);
	const timers = [
		setInterval(() => void hints.refresh(true), keepAliveMs),
		setInterval(() => void renewCertificate(env, context, addresses, servers), certificateCheckMs),
		setInterval(() => {
			for (const { server, address } of missing) if (!server.listening) server.listen({ host: address, port });
		}, addressCheckMs),
	];
	return {
		urls: servers.filter(({ listening }) => listening).map(urlOf),
		async close(graceMs = 5_000) {
			for (const timer of timers) clearInterval(timer);
			hints.close();
			metrics?.close();
			metrics?.closeAllConnections();
			await Promise.all([silence.close(), notices.close(), ...servers.map((server) => closeServer(server, graceMs))]);
		},
	};
}

function serverFor(context: RelayContext, tls: { key: string; certificate: string }): Server {
	const server = createServer(
		{
			...secureContext(context, tls),
			// A host that joins has no certificate yet: who may do what is decided per request, in identity.ts.
			requestCert: true,
			rejectUnauthorized: false,
			minVersion: "TLSv1.3",
			requestTimeout: 30_000,
			keepAliveTimeout: 65_000,
		},
		(request, response) => void answer(context, request, response),
	);
	// Handshakes of scanners and half-open hosts are no problem of ours.
	server.on("tlsClientError", (error) => context.log.debug({ problem: error.message }, "handshake failed"));
	return server;
}

function secureContext({ authority }: RelayContext, tls: { key: string; certificate: string }) {
	return { key: tls.key, cert: tls.certificate, ca: authority.pem };
}

async function renewCertificate(env: Env, context: RelayContext, addresses: string[], servers: readonly Server[]): Promise<void> {
	try {
		const tls = await ensureRelayCertificate(context.authority, env.paths, addresses);
		for (const server of servers) server.setSecureContext({ ...secureContext(context, tls), minVersion: "TLSv1.3" });
	} catch (error) {
		context.log.error({ problem: messageOf(error) }, "the relay's certificate cannot be renewed");
	}
}

/** Answers with what listens later, when its address is there. */
async function listenOnAll(servers: readonly Server[], addresses: readonly string[], port: number) {
	const tried = await Promise.all(
		servers.map(async (server, index) => {
			const address = addresses[index] ?? "127.0.0.1";
			return { server, address, failure: await listenOn(server, address, port) };
		}),
	);
	const missing = tried.filter(({ failure }) => failure?.code === "EADDRNOTAVAIL");
	const failed = tried.find(({ failure }) => failure !== null && failure.code !== "EADDRNOTAVAIL") ?? null;
	const fatal = failed ?? (missing.length === tried.length ? missing[0] : undefined);
	if (fatal?.failure) {
		const why = fatal.failure.code === "EADDRINUSE" ? "another program has this port" : "this machine has no such address";
		const message = `The relay cannot listen on ${fatal.address}:${port}: ${why} (${fatal.failure.code ?? "no code"}).`;
		throw new AppError("unavailable", message, { cause: fatal.failure });
	}
	return missing;
}

/** null = it listens. */
function listenOn(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | null> {
	return new Promise((resolve) => {
		server.once("error", resolve);
		server.listen({ host, port }, () => {
			server.off("error", resolve);
			resolve(null);
		});
	});
}

function urlOf(server: Server): string {
	const { address, port } = server.address() as AddressInfo;
	return `https://${address}:${port}`;
}

function closeServer(server: Server, graceMs: number): Promise<void> {
	if (!server.listening) return Promise.resolve();
	return new Promise((resolve) => {
		const timer = setTimeout(() => server.closeAllConnections(), graceMs);
		server.close(() => {
			clearTimeout(timer);
			resolve();
		});
		server.closeIdleConnections();
	});
}
