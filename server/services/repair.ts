import { systemActor } from "@/domain/roles";
import { counted } from "@/domain/rollout/sentences";
import { startRolloutIn } from "@/server/services/rollout-start";
import type { Database, Tx } from "@/server/store/client";
import { closeRepairRequest, insertRepairRequest, misplacedInstances, openRepairRequests } from "@/server/store/repair-request";
import { getRolloutByNumber, movingRollout } from "@/server/store/rollout";
import { appendEvents } from "@/server/store/rollout-event";
import { lockServiceEnvironment } from "@/server/store/traffic";

/** Silent for so long after its lease: a restart or a short cut of the network is over by then. */
const lostAfterMs = 60_000;
/** One that was done and changed nothing (nowhere to place) is asked for again after this. */
const patienceMs = 60_000;

/** Writes down that a service's instances should be placed anew. One open request an identity is enough; false = there is one. */
export async function requestRepair(tx: Tx, service: string, environment: string, reason: string): Promise<boolean> {
	await lockServiceEnvironment(tx, service, environment);
	return insertRepairRequest(tx, service, environment, reason);
}

/**
 * What lost hosts held, and what drained hosts still hold, outside of rollouts. Called again and again by a worker, with
 * for how long it has heard hosts at all: after a time when nobody could be heard, all look lost and none may be.
 * Returns how many requests it wrote.
 */
export async function requestRepairsOfMisplaced(database: Database, heardMs: number): Promise<number> {
	let written = 0;
	for (const { service, environment, host, why, instances } of await misplacedInstances(database, lostAfterMs, patienceMs)) {
		if (why === "silent" && heardMs < lostAfterMs) continue;
		const reason =
			why === "silent"
				? `host ${host} has not answered for more than ${(lostAfterMs / 1000).toFixed(0)} s, and ${counted(instances, "instance")} of ${service} ran there`
				: `host ${host} is drained, and ${counted(instances, "instance")} of ${service} still runs there`;
		if (await database.$transaction((tx) => requestRepair(tx, service, environment, reason))) written += 1;
	}
	return written;
}

/**
 * Starts what was asked for: the stable release's instances of lost and drained hosts go elsewhere, by a rollout that
 * loses no request. Where something moves already the request waits: that rollout may do the same.
 */
export async function startRepairs(database: Database): Promise<void> {
	for (const { id, service, environment, reason } of await openRepairRequests(database)) {
		await database.$transaction(async (tx) => {
			const { stableReleaseId } = await lockServiceEnvironment(tx, service, environment);
			if (await movingRollout(tx, service, environment)) return;
			if (stableReleaseId) {
				const wish = { service, environment, releaseId: stableReleaseId, kind: "repair", origin: "user" } as const;
				const { number } = await startRolloutIn(tx, systemActor, wish);
				const rollout = await getRolloutByNumber(tx, service, environment, number);
				await appendEvents(tx, rollout.id, [{ kind: "decision", key: "repair", message: `Repair: ${reason}` }]);
			}
			await closeRepairRequest(tx, id);
		});
	}
}
