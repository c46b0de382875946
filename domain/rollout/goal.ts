import type { IntentRelease, TrafficIntent } from "@/domain/rollout/action";
import { isReady, type ObservedInstance, type RolloutObservation, unacknowledged } from "@/domain/rollout/observation";
import type { Sides } from "@/domain/rollout/sides";

/**
 * The traffic that should be published now. Two rules order it: an endpoint gets a weight only when every answering
 * proxy calls it healthy, and one is set DRAINING only when every answering proxy obeys the weights that spare it
 * (a proxy takes endpoints before routes: a route whose endpoints all drain would answer 503).
 */
export function trafficGoal(sides: Sides, observation: RolloutObservation): TrafficIntent {
	const share = candidateShare(sides, observation);
	const admitted = admittedOf(sides, observation).filter((instance) => share !== 0 || instance.phase === "serving");
	const kept = keptOf(sides, observation, admitted.length);
	const weights = share === null ? weightsOf(admitted, kept, observation) : sharesOf(share, sides, kept);
	const isInForce = hasWeights(observation, weights) && unacknowledged(observation).length === 0;

	// With weights by steps a release may keep its share while all its instances are lost: a share needs an endpoint.
	const isLastOf = (release: number): boolean =>
		(weights.get(release) ?? 0) > 0 && ![...admitted, ...kept].some((instance) => instance.release === release);
	const phaseOf = (instance: ObservedInstance): "warm" | "serving" | "draining" | null => {
		if (instance.isGone) return null;
		if (admitted.includes(instance) || kept.includes(instance)) return "serving";
		if (sides.incoming.includes(instance)) return instance.observed === "running" || instance.phase === "warm" ? "warm" : null;
		if (instance.phase === "serving" || instance.phase === "warm")
			return isInForce && !isLastOf(instance.release) ? "draining" : instance.phase;
		if (instance.phase === "stopping") return isPublished(instance, observation) ? "draining" : null;
		return instance.phase === "desired" ? null : "draining";
	};

	const releases = new Map<number, IntentRelease["endpoints"][number][]>();
	for (const instance of [...observation.instances].sort((a, b) => (a.id < b.id ? -1 : 1))) {
		const phase = phaseOf(instance);
		if (phase) releases.set(instance.release, [...(releases.get(instance.release) ?? []), { instance: instance.id, phase }]);
	}
	return {
		releases: [...releases]
			.sort(([a], [b]) => a - b)
			.map(([release, endpoints]) => ({ release, weight: weights.get(release) ?? 0, endpoints })),
	};
}

/** What differs between the intent and what is published, in traffic or in an instance's phase. */
export function isPublishedAlready(intent: TrafficIntent, observation: RolloutObservation): boolean {
	const published = new Map(observation.traffic.releases.map((release) => [release.release, release]));
	const phases = new Map(observation.instances.map((instance) => [instance.id, instance.phase]));
	return (
		intent.releases.length === published.size &&
		intent.releases.every((release) => {
			const now = published.get(release.release);
			return (
				now?.weight === release.weight &&
				now.endpoints.length === release.endpoints.length &&
				release.endpoints.every((endpoint) => {
					const state = endpoint.phase === "draining" ? "draining" : "active";
					const phase = phases.get(endpoint.instance);
					return (
						now.endpoints.some((other) => other.instance === endpoint.instance && other.state === state) &&
						(phase === endpoint.phase || (endpoint.phase === "draining" && (phase === "held" || phase === "stopping")))
					);
				})
			);
		})
	);
}

/** Once it serves it stays admitted: a short weakness is the proxies' to route around, a long one ends the rollout. */
function admittedOf(sides: Sides, observation: RolloutObservation): ObservedInstance[] {
	return sides.incoming.filter((instance) => instance.phase === "serving" || isReady(instance, observation));
}

/**
 * The candidate's share where the plan's steps say it; null = they do not. It rises when all that this step asks for
 * is ready, and stays meanwhile; with nothing ready of one side and something of the other, the other gets all.
 */
function candidateShare(sides: Sides, observation: RolloutObservation): number | null {
	const { stage, target } = sides;
	const stable = sides.outgoing.filter(
		(instance) => instance.phase === "serving" && !instance.isGone && instance.release !== target?.release,
	);
	if (!stage?.isStepped || !target || stable.length === 0) return null;
	const ready = sides.incoming.filter((instance) => isReady(instance, observation)).length;
	const isStableReady = stable.some((instance) => isReady(instance, observation));
	if (!isStableReady && ready > 0 && stage.cap > 0) return 100;
	if (ready === 0 && isStableReady) return 0;
	return ready >= sides.count ? stage.cap : Math.min(published(target.release, observation), stage.cap);
}

/** The share of a release as published last, 0 to 100. */
export function published(release: number | undefined, observation: RolloutObservation): number {
	return observation.traffic.releases.find((one) => one.release === release)?.weight ?? 0;
}

function sharesOf(share: number, sides: Sides, kept: readonly ObservedInstance[]): Map<number, number> {
	const [stable] = kept;
	const weights = new Map<number, number>();
	if (share > 0 || !stable) weights.set(sides.target?.release ?? 0, stable ? share : 100);
	if (stable && share < 100) weights.set(stable.release, Math.round((100 - share) * 100) / 100);
	return weights;
}

/** Those of the other side that must go on serving, so that no fewer than declared do. */
function keptOf(sides: Sides, observation: RolloutObservation, admitted: number): ObservedInstance[] {
	const serving = sides.outgoing.filter((instance) => instance.phase === "serving" && !instance.isGone);
	if (!sides.target || sides.target.workload.instances === 0 || sides.isExclusive) return [];
	const ready = sides.incoming.filter((instance) => isReady(instance, observation)).length;
	const { stage } = sides;
	if (stage?.isStepped && (stage.cap < 100 || ready < sides.count)) {
		return serving.filter((instance) => instance.release !== sides.target?.release);
	}
	const missing = Math.max(sides.leastServing - ready, admitted === 0 ? 1 : 0);
	// Going back, a sick candidate is not worth keeping as soon as anything of the stable release can serve.
	const worthKeeping = sides.isBack && ready > 0 ? serving.filter((instance) => isReady(instance, observation)) : serving;
	return worthKeeping.slice(0, Math.max(0, missing));
}

/** Shares by count, in hundredths of a percent, 100 in all; an outgoing side that is wholly unready gets nothing if the other can serve. */
function weightsOf(
	admitted: readonly ObservedInstance[],
	kept: readonly ObservedInstance[],
	observation: RolloutObservation,
): Map<number, number> {
	const isAnyReady = (instances: readonly ObservedInstance[]) => instances.some((instance) => isReady(instance, observation));
	// A proxy that starts again knows of nobody's health for a moment: that is no reason to move anything.
	const isKeptOfUse = isAnyReady(kept) || !isAnyReady(admitted);
	const counted = [...admitted, ...(isKeptOfUse ? kept : [])];
	const counts = new Map<number, number>();
	for (const instance of counted) counts.set(instance.release, (counts.get(instance.release) ?? 0) + 1);
	const shares = [...counts].sort(([a], [b]) => b - a);
	const weights = new Map<number, number>();
	let left = 10_000;
	for (const [index, [release, count]] of shares.entries()) {
		const share = index === shares.length - 1 ? left : Math.round((10_000 * count) / counted.length);
		weights.set(release, share / 100);
		left -= share;
	}
	return weights;
}

function hasWeights(observation: RolloutObservation, weights: ReadonlyMap<number, number>): boolean {
	const published = new Map(observation.traffic.releases.map((release) => [release.release, release.weight]));
	return (
		[...weights].every(([release, weight]) => (published.get(release) ?? 0) === weight) &&
		[...published].every(([release, weight]) => (weights.get(release) ?? 0) === weight)
	);
}

function isPublished(instance: ObservedInstance, observation: RolloutObservation): boolean {
	return observation.traffic.releases.some((release) => release.endpoints.some((endpoint) => endpoint.instance === instance.id));
}
