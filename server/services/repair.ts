import { counted } from "@/domain/rollout/sentences";
import type { Database, Tx } from "@/server/store/client";
import { insertRepairRequest, misplacedInstances } from "@/server/store/repair-request";
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

/** What lost hosts held, and what drained hosts still hold, outside of rollouts. Called again and again by a worker; returns how many requests it wrote. */
export async function requestRepairsOfMisplaced(database: Database): Promise<number> {
	let written = 0;
	for (const { service, environment, host, why, instances } of await misplacedInstances(database, lostAfterMs, patienceMs)) {
		const reason =
			why === "silent"
				? `host ${host} has not answered for more than ${(lostAfterMs / 1000).toFixed(0)} s, and ${counted(instances, "instance")} of ${service} ran there`
				: `host ${host} is drained, and ${counted(instances, "instance")} of ${service} still runs there`;
		if (await database.$transaction((tx) => requestRepair(tx, service, environment, reason))) written += 1;
	}
	return written;
}
