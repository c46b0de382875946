import type { InstanceState } from "@/domain/host/model";
import type { InstancePhase, RolloutState } from "@/domain/rollout/model";

/** Every fact a rollout decides by, read from Postgres in one transaction. Times are milliseconds since 1970 by Postgres's clock. */
export interface RolloutObservation {
	readonly now: number;
	readonly state: RolloutState;
	readonly reason: string | null;
	readonly abort: { readonly by: string; readonly reason: string } | null;
	/** A person holds it where it is; null = nobody does. */
	readonly pause: { readonly by: string; readonly reason: string } | null;
	/** Index of the plan's step it is in; as many as there are = all taken. */
	readonly step: number;
	/** When it came to this step; null = it has not begun. */
	readonly stepAt: number | null;
	/** Present where the plan asks for approval. */
	readonly approval: ObservedApproval | null;
	/** Present where the plan measures. */
	readonly analysis: ObservedAnalysis | null;
	/** Of every release of this service and environment, but for those that are gone. */
	readonly instances: readonly ObservedInstance[];
	/** How many instances this rollout has made so far, gone ones included: the ordinal of the next. */
	readonly made: number;
	readonly traffic: PublishedTraffic;
	readonly proxies: readonly ObservedProxy[];
	/** Of the image that is to be had before anything is stopped. Empty = no host was asked; left out = observed when none ever was. */
	readonly pulls?: readonly ObservedPull[];
}

/** One host's word about the image it was asked to have. */
export interface ObservedPull {
	readonly host: string;
	readonly isHostSilent: boolean;
	readonly isPulled: boolean;
	readonly problem: string | null;
	readonly askedAt: number;
}

export interface ObservedApproval {
	/** Names of people who approved this very intent. */
	readonly approvedBy: readonly string[];
	readonly rejected: { readonly by: string; readonly reason: string } | null;
	readonly expiresAt: number;
}

export interface ObservedAnalysis {
	readonly lastAt: number | null;
	/** In all steps. */
	readonly failed: number;
	/** In the present step. */
	readonly successful: number;
	/** In the present step: too little data, or broken data. */
	readonly inconclusive: number;
	/** What the last one said. */
	readonly sentence: string | null;
}

export interface ObservedInstance {
	readonly id: string;
	readonly release: number;
	readonly phase: InstancePhase;
	readonly observed: InstanceState | null;
	readonly message: string | null;
	readonly host: string;
	/** The host's lease is over. */
	readonly isHostSilent: boolean;
	/** Its host is being drained: it must go elsewhere. */
	readonly isHostLeaving: boolean;
	/** This rollout made it. */
	readonly isOwn: boolean;
	/** It left the desired document and its host says that the container is removed. */
	readonly isGone: boolean;
	readonly createdAt: number;
	readonly drainingAt: number | null;
	readonly endpoints: readonly ObservedEndpoint[];
}

export interface ObservedEndpoint {
	readonly proxy: string;
	readonly health: "healthy" | "unhealthy" | "unknown";
	readonly draining: boolean;
	readonly active: number;
	readonly quietSamples: number;
}

export interface PublishedTraffic {
	/** 0 = never published. */
	readonly revision: number;
	readonly releases: readonly PublishedRelease[];
}

export interface PublishedRelease {
	readonly release: number;
	readonly weight: number;
	readonly endpoints: readonly { readonly instance: string; readonly state: "active" | "draining" }[];
}

export interface ObservedProxy {
	readonly id: string;
	/** `answering`: lease fresh. `silent`: lease over, not proven dead. `lost`: an operator's word that it is dead. */
	readonly lease: "answering" | "silent" | "lost";
	/** Its last sign of life; null = never. */
	readonly leaseAt: number | null;
	/** Its newest word about this service and environment. */
	readonly ack: { readonly revision: number; readonly verdict: "ack" | "nack"; readonly message: string | null } | null;
}

/** A host or proxy not heard of for longer is silent: it blocks stopping what it may still send to. */
export const leaseMs = 15_000;

export function answering(observation: RolloutObservation): ObservedProxy[] {
	return observation.proxies.filter((proxy) => proxy.lease === "answering");
}

/** Its container runs on a host that answers, and every answering proxy's own check says healthy. Nobody answering = not ready. */
export function isReady(instance: ObservedInstance, observation: RolloutObservation): boolean {
	const proxies = answering(observation);
	return (
		!instance.isHostSilent &&
		instance.observed === "running" &&
		proxies.length > 0 &&
		proxies.every((proxy) => endpointOf(instance, proxy)?.health === "healthy")
	);
}

/** Proxies that may still send new requests to a draining instance: silent ones, and those that do not show DRAINING. */
export function blockersOf(instance: ObservedInstance, observation: RolloutObservation): ObservedProxy[] {
	return observation.proxies.filter(
		(proxy) => proxy.lease === "silent" || (proxy.lease === "answering" && endpointOf(instance, proxy)?.draining !== true),
	);
}

/** Every proxy that is not proven dead shows DRAINING and nothing in flight, twice. */
export function isDrained(instance: ObservedInstance, observation: RolloutObservation): boolean {
	return (
		blockersOf(instance, observation).length === 0 &&
		answering(observation).every((proxy) => (endpointOf(instance, proxy)?.quietSamples ?? 0) >= quietSamplesNeeded)
	);
}

/** The first look after a change can still show the past. */
export const quietSamplesNeeded = 2;

/** Answering proxies that have not acknowledged the published revision. Silent ones get it when they come back. */
export function unacknowledged(observation: RolloutObservation): ObservedProxy[] {
	// Nobody acknowledges what was never published.
	if (observation.traffic.revision === 0) return [];
	return answering(observation).filter(
		(proxy) => !(proxy.ack && proxy.ack.verdict === "ack" && proxy.ack.revision >= observation.traffic.revision),
	);
}

export function inFlight(instance: ObservedInstance): number {
	return instance.endpoints.reduce((sum, endpoint) => sum + endpoint.active, 0);
}

function endpointOf(instance: ObservedInstance, proxy: ObservedProxy): ObservedEndpoint | undefined {
	return instance.endpoints.find((endpoint) => endpoint.proxy === proxy.id);
}
