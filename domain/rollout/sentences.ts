import { blockersOf, type ObservedInstance, type ObservedProxy, type RolloutObservation } from "@/domain/rollout/observation";

/** "2 instances held: proxy h2/envoy-0 unreachable since 14:02" (UTC). null = nothing is held. */
export function heldSentence(held: readonly ObservedInstance[], observation: RolloutObservation): string | null {
	if (held.length === 0) return null;
	const blockers = new Map(held.flatMap((instance) => blockersOf(instance, observation).map((proxy) => [proxy.id, proxy])));
	return `${counted(held.length, "instance")} held: ${proxiesSentence([...blockers.values()], observation)}`;
}

export function proxiesSentence(proxies: readonly ObservedProxy[], observation: RolloutObservation): string {
	return proxies
		.map((proxy) => {
			if (proxy.lease !== "silent") return `proxy ${proxy.id} has not obeyed revision ${observation.traffic.revision} yet`;
			return proxy.leaseAt === null
				? `proxy ${proxy.id} never answered`
				: `proxy ${proxy.id} unreachable since ${clockTime(proxy.leaseAt)}`;
		})
		.join(", ");
}

/** `many` is told where it is not the noun with an s. */
export function counted(count: number, noun: string, many = `${noun}s`): string {
	return `${count} ${count === 1 ? noun : many}`;
}

/** Hours and minutes, UTC. */
function clockTime(ms: number): string {
	return new Date(ms).toISOString().slice(11, 16);
}

export function seconds(ms: number): string {
	return `${Math.round(ms / 100) / 10} s`;
}
