import type { WorkloadSpec } from "@/domain/manifest/model";
import type { PublishAction, TrafficIntent } from "@/domain/rollout/action";
import { buildTraffic } from "@/domain/rollout/build-traffic";
import type { InstancePhase, RolloutPlan } from "@/domain/rollout/model";
import { hasDowntime } from "@/domain/rollout/plan";
import type { Database, Tx } from "@/server/store/client";
import { isPrimaryEnvironment } from "@/server/store/environment-of";
import { forgetDrains, instancePlaces, markGone, phasesOf, setPhase } from "@/server/store/instance";
import type { RolloutRecord } from "@/server/store/rollout";
import { appendEvents, type NewRolloutEvent } from "@/server/store/rollout-event";
import { publishTraffic } from "@/server/store/traffic";

interface PublishDeps {
	readonly database: Database;
	readonly installation: { readonly domain: string };
}

/** Publishes the intent, gives the instances the phases it names, and forgets those that are gone, all or nothing. */
export async function publishIntent(deps: PublishDeps, rollout: RolloutRecord, action: PublishAction): Promise<void> {
	const { plan } = rollout;
	await deps.database.$transaction(async (tx) => {
		const primary = await isPrimaryEnvironment(tx, plan.environment);
		const endpoints = action.intent.releases.flatMap((release) => release.endpoints);
		const before = await phasesOf(
			tx,
			endpoints.map((endpoint) => endpoint.instance),
		);
		const { traffic, isNew } = await publishTraffic(tx, plan.service, plan.environment, async (row) =>
			buildTraffic(action.intent, {
				service: plan.service,
				environment: { name: plan.environment, primary },
				domain: deps.installation.domain,
				virtualAddress: row.virtualAddress,
				workloads: workloadsOf(plan),
				addresses: await instancePlaces(
					tx,
					endpoints.map((endpoint) => endpoint.instance),
				),
				hasDowntime: hasDowntime(plan),
				current: row.traffic,
			}),
		);
		if (action.forget.length > 0) await markGone(tx, action.forget);
		const drains = await setPhases(tx, action.intent, before);
		const events: NewRolloutEvent[] = [];
		if (isNew) events.push(publishEvent(traffic.revision, action.intent));
		if (drains.length > 0) events.push(drainEvent(traffic.revision, drains));
		for (const id of action.forget) {
			events.push({ kind: "instance", key: `gone/${id}`, message: `${id} is gone`, data: { instance: id, phase: "gone" } });
		}
		await appendEvents(tx, rollout.id, events);
	});
}

function workloadsOf(plan: RolloutPlan): Map<number, WorkloadSpec> {
	const workloads = new Map([[plan.to.number, plan.workload]]);
	if (plan.from && plan.fromWorkload) workloads.set(plan.from.number, plan.fromWorkload);
	return workloads;
}

/** Returns those that begin to drain now. */
async function setPhases(tx: Tx, intent: TrafficIntent, before: ReadonlyMap<string, InstancePhase>): Promise<string[]> {
	const endpoints = intent.releases.flatMap((release) => release.endpoints);
	const changed = (phase: InstancePhase) =>
		endpoints
			.filter((endpoint) => endpoint.phase === phase && before.get(endpoint.instance) !== phase)
			.map((endpoint) => endpoint.instance);
	const recalled = changed("serving").filter((id) => ["draining", "held"].includes(before.get(id) ?? ""));
	if (recalled.length > 0) await forgetDrains(tx, recalled);
	const drains = changed("draining").filter((id) => ["desired", "warm", "serving"].includes(before.get(id) ?? ""));
	for (const phase of ["warm", "serving", "draining"] as const) {
		const ids = phase === "draining" ? drains : changed(phase);
		if (ids.length > 0) await setPhase(tx, ids, phase);
	}
	return drains;
}

function publishEvent(revision: number, intent: TrafficIntent): NewRolloutEvent {
	const shares = intent.releases.map((release) => `release ${release.release} at ${release.weight} %`);
	return {
		kind: "publish",
		key: `publish/${revision}`,
		message: `Revision ${revision}: ${shares.join(", ") || "nothing is served"}`,
		data: {
			step: "shift",
			revision,
			weights: Object.fromEntries(intent.releases.map(({ release, weight }) => [release, weight])),
			intent,
		},
	};
}

function drainEvent(revision: number, instances: readonly string[]): NewRolloutEvent {
	return {
		kind: "drain",
		key: `drain/${revision}`,
		message: `Draining ${instances.join(", ")}`,
		data: { step: "drain", revision, instances },
	};
}
