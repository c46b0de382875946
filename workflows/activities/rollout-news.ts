import { answering, isReady, type RolloutObservation, unacknowledged } from "@/domain/rollout/observation";
import { counted } from "@/domain/rollout/sentences";
import type { Database } from "@/server/store/client";
import type { RolloutRecord } from "@/server/store/rollout";
import { appendEvents, type NewRolloutEvent } from "@/server/store/rollout-event";

/** What the world did by itself, told once: who became healthy, and which revision everybody obeys. */
export async function tellNews(database: Database, rollout: RolloutRecord, observation: RolloutObservation): Promise<void> {
	const news = newsOf(rollout, observation);
	const told = toldOf(rollout.id);
	const fresh = news.filter((event) => !told.has(event.key));
	if (fresh.length === 0) return;
	await database.$transaction((tx) => appendEvents(tx, rollout.id, fresh));
	for (const event of fresh) told.add(event.key);
}

/** Spares a question to Postgres at every look; the event's key is the real fence. */
const toldByRollout = new Map<string, Set<string>>();

function toldOf(rolloutId: string): Set<string> {
	const told = toldByRollout.get(rolloutId) ?? new Set<string>();
	if (toldByRollout.size > 1_000) toldByRollout.clear();
	toldByRollout.set(rolloutId, told);
	return told;
}

function newsOf(rollout: RolloutRecord, observation: RolloutObservation): NewRolloutEvent[] {
	const { revision } = observation.traffic;
	const news: NewRolloutEvent[] = [];
	const proxies = answering(observation);
	for (const instance of observation.instances) {
		if (instance.release !== rollout.plan.to.number || !isReady(instance, observation)) continue;
		const message = `${instance.id} on ${instance.host} is healthy on ${counted(proxies.length, "proxy", "proxies")}`;
		news.push({ kind: "instance", key: `healthy/${instance.id}`, message, data: { step: "healthy", instance: instance.id } });
	}
	if (revision > rollout.plan.startRevision && proxies.length > 0 && unacknowledged(observation).length === 0) {
		const message = `Revision ${revision} acknowledged by ${proxies.map((proxy) => proxy.id).join(", ")}`;
		news.push({ kind: "acknowledged", key: `acknowledged/${revision}`, message, data: { revision } });
	}
	return news;
}
