import { readFileSync } from "node:fs";
import type { Log } from "@/adapters/log/log";
import type { ProxyMeasurements } from "@/domain/analysis/measurement";
import { Tally } from "@/domain/analysis/tally";
import { adminSocket, adsSocket, proxyId } from "@/domain/envoy/bootstrap";
import { proxyNumbers } from "@/domain/envoy/pair";
import { messageOf } from "@/domain/errors";
import type { HostConfig, ProxyReport } from "@/domain/host/model";
import { type ServiceTraffic, type Snapshot, trafficKey } from "@/domain/traffic/model";
import { Feeder } from "../ads/feeder";
import { type AdsServer, serveAds } from "../ads/server";
import { Accepted } from "./accepted";
import { adminOf } from "./admin";
import { Validator } from "./validator";
import { type Watch, watch } from "./watch";

export interface TrafficPlaneOptions {
	readonly host: HostConfig;
	/** The host's folder; `traffic.json` in it is the last snapshot, written by the agent before it calls `apply`. */
	readonly directory: string;
	/** Checks each new structure first; null = the Envoys are the only judges. */
	readonly envoy: string | null;
	readonly log: Log;
}

export interface TrafficPlane {
	/** Serves what is on disk, at once: an Envoy that boots without it has no listener at all. */
	start(): Promise<void>;
	/** Older revisions of a service are refused; a service that is missing is removed. */
	apply(snapshot: Snapshot): void;
	report(): readonly ProxyReport[];
	/** What each proxy counted in the buckets that are over at `nowMs`; each bucket is given once. */
	takeMeasurements(nowMs: number): readonly ProxyMeasurements[];
	onChange(listener: () => void): void;
	stop(): Promise<void>;
}

interface Proxy {
	readonly id: string;
	readonly feeder: Feeder;
	readonly watch: Watch;
	readonly tally: Tally;
}

/** The host's traffic: one ADS server, one feeder and one watch for each local Envoy. */
export function createTrafficPlane(options: TrafficPlaneOptions): TrafficPlane {
	const { host, log } = options;
	const proxies = new Map<string, Proxy>();
	const accepted = new Accepted(`${options.directory}/last-good.json`);
	const onVerdict = () => {
		for (const proxy of proxies.values()) proxy.feeder.wake();
	};
	const validator = new Validator({ host, directory: options.directory, envoy: options.envoy, log, onVerdict });
	const listeners: (() => void)[] = [];
	let desired: ReadonlyMap<string, ServiceTraffic> | null = null;
	let server: AdsServer | null = null;

	const changed = () => {
		for (const listener of listeners) listener();
	};

	function addProxy(number: number): Proxy {
		const id = proxyId(host.name, number);
		const found = proxies.get(id);
		if (found) return found;
		const admin = adminOf(adminSocket(host, number));
		const feeder = new Feeder({
			host,
			proxy: id,
			admin,
			log,
			accepted,
			validator,
			onChange: () => {
				proxies.get(id)?.watch.hurry();
				changed();
			},
		});
		const proxy = { id, feeder, watch: watch(admin, () => feeder.services, changed), tally: new Tally(Math.random, Date.now()) };
		proxies.set(id, proxy);
		if (desired) feeder.apply(desired);
		return proxy;
	}

	function apply(snapshot: Snapshot): void {
		const next = merge(desired ?? new Map(), snapshot.services, log);
		desired = next;
		for (const proxy of proxies.values()) {
			proxy.feeder.apply(next);
			proxy.watch.hurry();
		}
	}

	return {
		async start() {
			const kept = readSnapshot(`${options.directory}/traffic.json`, log);
			if (kept) apply(kept);
			for (const number of proxyNumbers(host)) addProxy(number);
			server = await serveAds(adsSocket(host), {
				onStream(node, stream) {
					const number = proxyNumber(host, node);
					if (number === null) log.warn({ node }, "an Envoy that is not of this host asked for configuration: ignored");
					else addProxy(number).feeder.attach(stream);
				},
				onRequests(node, requests) {
					const number = proxyNumber(host, node);
					if (number === null) return;
					const { tally } = addProxy(number);
					for (const request of requests) tally.add(request);
				},
			});
		},
		apply,
		report: () => [...proxies.values()].map((proxy) => reportOf(host, proxy)),
		takeMeasurements: (nowMs) =>
			[...proxies.values()].map(({ id, tally }) => ({ proxy: id, measurements: tally.takeFinished(nowMs) })),
		onChange(listener) {
			listeners.push(listener);
		},
		async stop() {
			for (const proxy of proxies.values()) {
				proxy.feeder.stop();
				proxy.watch.stop();
			}
			server?.stop();
		},
	};
}

/** The newest revision of each service in `services`, and no other service. */
function merge(
	before: ReadonlyMap<string, ServiceTraffic>,
	services: readonly ServiceTraffic[],
	log: Log,
): ReadonlyMap<string, ServiceTraffic> {
	return new Map(
		services.map((traffic) => {
			const key = trafficKey(traffic);
			const current = before.get(key);
			if (!current || traffic.revision >= current.revision) return [key, traffic];
			log.warn({ service: key, revision: traffic.revision, current: current.revision }, "older traffic refused");
			return [key, current];
		}),
	);
}

function reportOf(host: HostConfig, proxy: Proxy): ProxyReport {
	const { isAlive, endpoints } = proxy.watch;
	return { id: proxy.id, roles: host.roles, alive: isAlive, acks: proxy.feeder.verdicts, endpoints };
}

function proxyNumber(host: HostConfig, node: string): number | null {
	const match = /^(.+)\/envoy-(\d+)$/.exec(node);
	const number = match?.[1] === host.name ? Number(match[2]) : null;
	return number !== null && proxyNumbers(host).includes(number) ? number : null;
}

/** null = never written. A file that cannot be read is said and left: the relay sends a new one. */
function readSnapshot(path: string, log: Log): Snapshot | null {
	try {
		return JSON.parse(readFileSync(path, "utf8")) as Snapshot;
	} catch (error) {
		const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
		if (!isMissing) log.error({ path, error: messageOf(error) }, "the kept traffic cannot be read; waiting for the relay");
		return null;
	}
}
