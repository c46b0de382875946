import { systemActor } from "@/domain/roles";
import { startRolloutIn } from "@/server/services/rollout-start";
import type { Database, Tx } from "@/server/store/client";
import { notify } from "@/server/store/client";
import { closeFollowUp, type FollowUp, openFollowUps } from "@/server/store/follow-up";
import { freezeAtStart } from "@/server/store/freeze";
import { setFirstRollout } from "@/server/store/pipeline";
import { awaitingRollout, getRolloutByNumber, movingRollout, newestReleaseRollout, setRequested } from "@/server/store/rollout";
import { ensureServiceEnvironment, lockServiceEnvironment } from "@/server/store/traffic";

/**
 * Releases that were promoted where their manifest says `after` go on to the next environment. One that still awaits
 * approval there for an older release is withdrawn: the newest wins. One that moves is waited for.
 */
export async function startFollowUps(database: Database): Promise<void> {
	for (const wish of await openFollowUps(database)) await database.$transaction((tx) => follow(tx, wish));
}

async function follow(tx: Tx, wish: FollowUp): Promise<void> {
	const { service, environment, releaseId, startedBy: name, startedById: id } = wish;
	await ensureServiceEnvironment(tx, service, environment);
	const { stableReleaseId } = await lockServiceEnvironment(tx, service, environment);
	const newest = await newestReleaseRollout(tx, service, environment);
	const isThere = stableReleaseId === releaseId || (newest !== null && newest.plan.to.number >= wish.release);
	if (isThere) return closeFollowUp(tx, wish);
	if (await movingRollout(tx, service, environment)) return;
	// It stays wished, and is looked at again: a freeze is waited for as well.
	if (await freezeAtStart(tx, service, environment)) return;
	const awaiting = await awaitingRollout(tx, service, environment);
	if (awaiting) {
		if (awaiting.requested !== null) return;
		const reason = `release ${wish.release} is newer and goes instead`;
		await setRequested(tx, awaiting.id, { requested: "abort", reason, by: "sluice" });
		await notify(tx, "observed", `${service}/${environment}`);
		return;
	}
	const actor = id === "" ? { ...systemActor, name } : { ...systemActor, kind: "user" as const, id, name };
	const pipeline = wish.pipelineId === null ? {} : { pipelineId: wish.pipelineId };
	const { number } = await startRolloutIn(tx, actor, { service, environment, releaseId, origin: "pipeline", ...pipeline });
	if (wish.pipelineId !== null)
		await setFirstRollout(tx, wish.pipelineId, (await getRolloutByNumber(tx, service, environment, number)).id);
	await closeFollowUp(tx, wish);
}
