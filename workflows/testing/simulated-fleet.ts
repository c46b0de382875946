import type { EndpointReport, HostReport, InstanceReport, ProxyReport } from "@/domain/host/model";
import type { ServiceTraffic } from "@/domain/traffic/model";
import type { Database } from "@/server/store/client";
import { desiredDocument, snapshot } from "@/server/store/host";
import { recordMeasurements } from "@/server/store/measurement";
import { recordReport } from "@/server/store/observation";
import { digestOf } from "@/workflows/testing/catalog";

const reportEveryMs = 40;

/**
 * Hosts whose agents are a few lines: they read their desired document and the traffic from Postgres as the relay
 * hands them out, and report through the relay's own store function. No container, no Envoy.
 */
export class SimulatedFleet {
	/** Cut off: no report, nothing new obeyed. */
	readonly cutOff = new Set<string>();
	/** Hosts that tell nothing of what their proxies see. */
	readonly unmeasured = new Set<string>();
	/** Releases that never answer their health check. */
	readonly sick = new Set<number>();
	/** Releases whose image cannot be pulled. */
	readonly unpullable = new Set<number>();
	/** Releases whose program ends as soon as it began. */
	readonly crashing = new Set<number>();
	/** How long a request that an instance has at the moment of its drain still takes. */
	inFlightMs = 0;
	private readonly drainingSince = new Map<string, number>();
	private readonly quiet = new Map<string, number>();
	private readonly obeyed = new Map<string, readonly ServiceTraffic[]>();
	private readonly stop = new AbortController();
	private ended: Promise<unknown> = Promise.resolve();

	constructor(
		private readonly database: Database,
		private readonly hosts: readonly string[],
	) {}

	async start(): Promise<void> {
		for (const [index, id] of this.hosts.entries()) {
			const address = `10.200.0.${index + 1}`;
			const roles = index === 0 ? ["gateway", "node"] : ["node"];
			await this.database.host.create({ data: { id, address, roles, memoryBytes: 8n << 30n, cpus: 2 } });
			await this.report(id);
		}
		this.ended = Promise.all(this.hosts.map((host) => this.live(host)));
	}

	async close(): Promise<void> {
		this.stop.abort();
		await this.ended;
	}

	private async live(host: string): Promise<void> {
		while (!this.stop.signal.aborted) {
			if (!this.cutOff.has(host)) await this.report(host);
			await new Promise((resolve) => setTimeout(resolve, reportEveryMs));
		}
	}

	private async report(host: string): Promise<void> {
		const document = await desiredDocument(this.database, "abc123", host);
		const { snapshot: traffic } = await snapshot(this.database, "abc123");
		this.obeyed.set(host, traffic.services);
		const report: HostReport = {
			bootId: "boot",
			desiredRevision: document?.revision ?? 0,
			converged: true,
			instances: (document?.instances ?? []).map((instance) => this.instanceReport(instance.id, instance.release)),
			proxies: [this.proxyReport(`${host}/envoy-0`, host)],
			images: (document?.images ?? []).map((image) => ({ image, problem: this.isUnpullable(image) ? "no such image" : null })),
			capacity: { memoryBytes: 8 * 1024 ** 3, cpus: 2 },
			problem: null,
		};
		await this.database.$transaction(async (tx) => {
			await recordReport(tx, host, report, new Date());
			if (!this.unmeasured.has(host)) await recordMeasurements(tx, host, []);
		});
	}

	private instanceReport(id: string, release: number): InstanceReport {
		const isBad = this.unpullable.has(release) || this.crashing.has(release);
		const state = isBad ? "failed" : "running";
		return {
			id,
			state,
			containerId: isBad ? null : `c-${id}`,
			exitCode: null,
			restarts: 0,
			message: isBad ? (this.crashing.has(release) ? "it exits with code 1" : "no such image") : null,
		};
	}

	private isUnpullable(image: string): boolean {
		return [...this.unpullable].some((release) => image.endsWith(digestOf(release)));
	}

	private proxyReport(id: string, host: string): ProxyReport {
		const services = this.obeyed.get(host) ?? [];
		return {
			id,
			roles: ["node"],
			alive: true,
			acks: services.map(({ service, environment, revision }) => ({
				service,
				environment,
				revision,
				verdict: "ack",
				message: null,
			})),
			endpoints: services.flatMap((traffic) =>
				traffic.releases.flatMap((release) =>
					release.endpoints.map((endpoint) =>
						this.endpointReport(id, traffic, release.release, endpoint.instance, endpoint.state),
					),
				),
			),
		};
	}

	private endpointReport(
		proxy: string,
		{ service, environment }: ServiceTraffic,
		release: number,
		instance: string,
		state: "active" | "draining",
	): EndpointReport {
		const draining = state === "draining";
		if (!draining) this.drainingSince.delete(instance);
		else if (!this.drainingSince.has(instance)) this.drainingSince.set(instance, Date.now());
		const isBusy = draining && Date.now() - (this.drainingSince.get(instance) ?? 0) < this.inFlightMs;
		const key = `${proxy} ${instance}`;
		this.quiet.set(key, draining && !isBusy ? (this.quiet.get(key) ?? 0) + 1 : 0);
		return {
			service,
			environment,
			release,
			instance,
			health: this.sick.has(release) ? "unhealthy" : "healthy",
			draining,
			active: isBusy ? 1 : 0,
			quietSamples: this.quiet.get(key) ?? 0,
		};
	}
}
