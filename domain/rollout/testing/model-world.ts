import type { InstanceState } from "@/domain/host/model";
import type { Action, TrafficIntent } from "@/domain/rollout/action";
import { instanceId } from "@/domain/rollout/instance-id";
import type { InstancePhase, RolloutPlan, RolloutState } from "@/domain/rollout/model";
import type { PublishedRelease, RolloutObservation } from "@/domain/rollout/observation";

export interface WorldInstance {
	id: string;
	release: number;
	host: string;
	phase: InstancePhase;
	desired: boolean;
	observed: InstanceState | null;
	isRemoved: boolean;
	createdAt: number;
	drainingAt: number | null;
}

export interface WorldProxy {
	id: string;
	host: string;
	isLost: boolean;
	leaseAt: number;
	ack: { revision: number; verdict: "ack" | "nack"; message: string | null } | null;
	/** What it really does, whether or not anybody knows. */
	obeys: { revision: number; releases: readonly PublishedRelease[] };
	/** instance -> its requests in flight and quiet samples as reported last. */
	reported: Map<string, { health: "healthy" | "unhealthy" | "unknown"; draining: boolean; active: number; quietSamples: number }>;
	inFlight: Map<string, number>;
}

/** Hosts, proxies, containers and Postgres in one small object, moved by a test: what a rollout really meets, without time or I/O. */
export class ModelWorld {
	now = 1_000_000;
	state: RolloutState = "running";
	reason: string | null = null;
	abort: RolloutObservation["abort"] = null;
	pause: RolloutObservation["pause"] = null;
	step = 0;
	stepAt: number | null = null;
	/** What the next measurement will say. */
	isCandidateBad = false;
	analysis = { lastAt: null as number | null, failed: 0, successful: 0, inconclusive: 0, sentence: null as string | null };
	/** Hosts being drained by an operator. */
	readonly leaving = new Set<string>();
	/** Hosts that were asked for the image ahead, and whether they have it; null = this world knows no such thing, as recorded histories do. */
	pulls: Map<string, "asked" | "pulled" | "failed"> | null = new Map();
	/** It is in no registry. */
	isUnpullable = false;
	made = 0;
	instances: WorldInstance[] = [];
	traffic: { revision: number; releases: readonly PublishedRelease[] } = { revision: 0, releases: [] };
	proxies: WorldProxy[] = [];
	/** Cut off: neither reports nor obeys anything new, but its containers and proxies go on. */
	readonly cutOff = new Set<string>();
	readonly hosts: readonly string[];
	readonly plan: RolloutPlan;
	/** Releases whose containers never answer their health check. */
	readonly sick = new Set<number>();
	private readonly hostLease = new Map<string, number>();

	constructor(plan: RolloutPlan, hosts: readonly string[]) {
		this.plan = plan;
		this.hosts = hosts;
		for (const host of hosts) {
			this.hostLease.set(host, this.now);
			const obeys = { revision: 0, releases: [] };
			const proxy = { id: `${host}/envoy-0`, host, isLost: false, leaseAt: this.now, ack: null, obeys };
			this.proxies.push({ ...proxy, reported: new Map(), inFlight: new Map() });
		}
		if (plan.from && plan.fromWorkload) this.serveStable(plan.from.number, plan.fromWorkload.instances);
	}

	private serveStable(release: number, count: number): void {
		for (let ordinal = 0; ordinal < count; ordinal += 1) {
			const id = instanceId(this.plan.service, this.plan.environment, release, 1, ordinal);
			const host = this.hosts[ordinal % this.hosts.length] ?? "";
			const rest = { desired: true, isRemoved: false, createdAt: 0, drainingAt: null };
			this.instances.push({ id, release, host, phase: "serving", observed: "running", ...rest });
		}
		const endpoints = this.instances.map(({ id }) => ({ instance: id, state: "active" as const }));
		this.traffic = { revision: 1, releases: [{ release, weight: 100, endpoints }] };
		for (const proxy of this.proxies) {
			this.obey(proxy);
			this.report(proxy);
		}
	}

	observe(): RolloutObservation {
		return {
			now: this.now,
			state: this.state,
			reason: this.reason,
			abort: this.abort,
			pause: this.pause,
			step: this.step,
			stepAt: this.stepAt,
			approval: null,
			analysis: this.plan.analysis ? { ...this.analysis } : null,
			made: this.made,
			instances: this.instances
				.filter((instance) => instance.phase !== "gone")
				.map((instance) => ({
					...instance,
					message: null,
					isHostSilent: this.isSilent(instance.host),
					isHostLeaving: this.leaving.has(instance.host),
					isOwn: instance.createdAt > 0,
					isGone: !instance.desired && instance.isRemoved,
					endpoints: this.proxies.flatMap((proxy) => {
						const endpoint = proxy.reported.get(instance.id);
						return endpoint ? [{ proxy: proxy.id, ...endpoint }] : [];
					}),
				})),
			traffic: this.traffic,
			proxies: this.proxies.map((proxy) => ({
				id: proxy.id,
				lease: proxy.isLost ? "lost" : this.now - proxy.leaseAt < 15_000 ? "answering" : "silent",
				leaseAt: proxy.leaseAt,
				ack: proxy.ack,
			})),
			...(this.pulls && {
				pulls: [...this.pulls].map(([host, word]) => ({
					...{ host, isHostSilent: this.isSilent(host), isPulled: word === "pulled" },
					...{ problem: word === "failed" ? "no such image" : null, askedAt: 1_000_000 },
				})),
			}),
		};
	}

	isSilent(host: string): boolean {
		return this.now - (this.hostLease.get(host) ?? 0) >= 15_000;
	}

	/** What the activities do; doing it twice is doing it once. Throws "does not fit" when no host answers. */
	act(action: Action): void {
		switch (action.kind) {
			case "pull": {
				const [first] = this.instances;
				const usable = this.hosts.filter((host) => !this.isSilent(host));
				const asked = this.plan.workload.volumes && first ? [first.host] : usable;
				if (asked.length === 0) throw new Error("does not fit: no host answers");
				for (const host of asked) if (!this.pulls?.has(host)) this.pulls?.set(host, "asked");
				break;
			}
			case "create":
				this.create(action.release, action.ordinals);
				break;
			case "publish":
				this.publish(action.intent, action.forget);
				break;
			case "stop":
				this.each(action.instances, (instance) => {
					if (!instance.desired) return;
					instance.desired = false;
					instance.phase = "stopping";
				});
				break;
			case "hold":
				this.each(action.instances, (instance) => {
					if (instance.phase === "draining") instance.phase = "held";
				});
				break;
			case "turn-back":
				this.state = "rolling-back";
				this.reason = action.reason;
				break;
			case "wait":
				if (this.state === "rolling-back" || this.state === "waiting") this.state = action.alarm ? "waiting" : "rolling-back";
				if (action.alarm) this.reason = action.alarm;
				break;
			case "begin":
				this.state = "running";
				break;
			case "advance":
				if (this.step !== action.step) break;
				this.step += 1;
				this.stepAt = this.now;
				this.analysis = { ...this.analysis, successful: 0, inconclusive: 0 };
				break;
			case "analyse":
				if (this.analysis.lastAt === this.now) break;
				this.analysis = {
					lastAt: this.now,
					failed: this.analysis.failed + (this.isCandidateBad ? 1 : 0),
					successful: this.analysis.successful + (this.isCandidateBad ? 0 : 1),
					inconclusive: 0,
					sentence: "as told",
				};
				break;
			case "finish":
				this.state = action.state;
				this.reason = action.reason;
		}
	}

	private each(ids: readonly string[], change: (instance: WorldInstance) => void): void {
		for (const instance of this.instances) if (ids.includes(instance.id)) change(instance);
	}

	private create(release: number, ordinals: readonly number[]): void {
		for (const ordinal of ordinals) {
			const id = instanceId(this.plan.service, this.plan.environment, release, 2, ordinal);
			if (this.instances.some((instance) => instance.id === id)) continue;
			const usable = this.hosts.filter((host) => !this.isSilent(host) && !this.leaving.has(host));
			const host = this.plan.workload.volumes ? this.homeAmong(usable) : usable[ordinal % usable.length];
			if (!host) throw new Error("does not fit: no host answers");
			this.made += 1;
			const rest = { observed: null, isRemoved: false, createdAt: this.now, drainingAt: null };
			this.instances.push({ id, release, host, phase: "desired", desired: true, ...rest });
		}
	}

	/** A volume stays on the host where its first instance was. */
	private homeAmong(usable: readonly string[]): string | undefined {
		const [first] = this.instances;
		const home = first ? usable.find((host) => host === first.host) : usable[0];
		if (home && this.instances.some((instance) => instance.host === home && !instance.isRemoved))
			throw new Error("two instances would hold one volume");
		return home;
	}

	private publish(intent: TrafficIntent, forget: readonly string[]): void {
		const releases = intent.releases.map(({ release, weight, endpoints }) => ({
			release,
			weight,
			endpoints: endpoints.map(({ instance, phase }) => ({
				instance,
				state: phase === "draining" ? ("draining" as const) : ("active" as const),
			})),
		}));
		if (JSON.stringify(releases) !== JSON.stringify(this.traffic.releases)) {
			this.traffic = { revision: this.traffic.revision + 1, releases };
		}
		this.each(forget, (instance) => {
			instance.phase = "gone";
		});
		for (const { instance: id, phase } of intent.releases.flatMap((release) => release.endpoints)) {
			this.each([id], (instance) => this.enter(instance, phase));
		}
	}

	private enter(instance: WorldInstance, phase: "warm" | "serving" | "draining"): void {
		if (instance.phase === phase || ["stopping", "gone"].includes(instance.phase)) return;
		if (phase === "draining" && instance.phase === "held") return;
		if (["draining", "held"].includes(instance.phase)) {
			for (const proxy of this.proxies) {
				const reported = proxy.reported.get(instance.id);
				if (reported) proxy.reported.set(instance.id, { ...reported, draining: false, quietSamples: 0 });
			}
		}
		instance.drainingAt = phase === "draining" ? this.now : null;
		instance.phase = phase;
	}

	/** The proxy takes what is published, if its host is not cut off. */
	obey(proxy: WorldProxy): void {
		if (this.cutOff.has(proxy.host) || proxy.obeys.revision === this.traffic.revision) return;
		proxy.obeys = { revision: this.traffic.revision, releases: this.traffic.releases };
		for (const [instance] of proxy.inFlight) if (this.routed(proxy, instance) === null) proxy.inFlight.delete(instance);
	}

	/** Whether this proxy sends new requests to the instance now; null = it does not know the endpoint. */
	routed(proxy: WorldProxy, instance: string): boolean | null {
		for (const release of proxy.obeys.releases) {
			const endpoint = release.endpoints.find((one) => one.instance === instance);
			if (endpoint) return release.weight > 0 && endpoint.state === "active";
		}
		return null;
	}

	/** The agent of the proxy's host tells what is so now. */
	report(proxy: WorldProxy): void {
		if (this.cutOff.has(proxy.host)) return;
		this.hostLease.set(proxy.host, this.now);
		proxy.leaseAt = this.now;
		proxy.isLost = false;
		if (proxy.obeys.revision > 0) proxy.ack = { revision: proxy.obeys.revision, verdict: "ack", message: null };
		const before = proxy.reported;
		proxy.reported = new Map();
		for (const endpoint of proxy.obeys.releases.flatMap((release) => release.endpoints)) {
			const instance = this.instances.find((one) => one.id === endpoint.instance);
			if (!instance) continue;
			const isUp = instance.observed === "running" && !instance.isRemoved && !this.sick.has(instance.release);
			const active = proxy.inFlight.get(instance.id) ?? 0;
			const isQuiet = endpoint.state === "draining" && active === 0;
			proxy.reported.set(instance.id, {
				health: isUp ? "healthy" : "unhealthy",
				draining: endpoint.state === "draining",
				active,
				quietSamples: isQuiet ? (before.get(instance.id)?.quietSamples ?? 0) + 1 : 0,
			});
		}
	}

	/** The host's agent has the image that it was asked for, or cannot have it. */
	pull(host: string): void {
		if (this.cutOff.has(host) || this.pulls?.get(host) !== "asked") return;
		this.pulls.set(host, this.isUnpullable ? "failed" : "pulled");
	}

	/** The host's agent converges this instance one step. */
	converge(instance: WorldInstance): void {
		if (this.cutOff.has(instance.host)) return;
		if (!instance.desired) {
			instance.isRemoved = true;
			instance.observed = null;
		} else if (instance.observed === null) instance.observed = "starting";
		else if (instance.observed === "starting") instance.observed = "running";
	}
}
