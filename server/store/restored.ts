import { randomUUID } from "node:crypto";
import { endedStates } from "@/domain/rollout/model";
import type { Tx } from "@/server/store/client";

export interface OpenStory {
	readonly id: string;
	/** For people. */
	readonly name: string;
}

/** Rollouts that had not ended, those that await approval too. */
export async function openRollouts(tx: Tx): Promise<OpenStory[]> {
	const rows = await tx.rollout.findMany({ where: { state: { notIn: [...endedStates] } }, orderBy: { createdAt: "asc" } });
	return rows.map(({ id, service, environment, number }) => ({ id, name: `${service}/${environment}/${number}` }));
}

export async function runningPipelines(tx: Tx): Promise<OpenStory[]> {
	const rows = await tx.pipeline.findMany({ where: { state: "running" }, orderBy: { createdAt: "asc" } });
	return rows.map(({ id, repository, number }) => ({ id, name: `${repository}/${number}` }));
}

export async function openScaffolds(tx: Tx): Promise<OpenStory[]> {
	const rows = await tx.scaffold.findMany({ where: { state: { in: ["running", "waiting"] } }, orderBy: { id: "asc" } });
	return rows.map(({ id, name }) => ({ id, name }));
}

/**
 * Stories whose histories are gone begin anew: their rows are handed over once more, under another key. A rollout reads
 * from hosts and database where it is; a pipeline that is queued has done nothing yet;
 * a delivery that waited goes on with its tries.
 */
export async function deliverAgain(tx: Tx): Promise<void> {
	const ended = [...endedStates];
	const again = `/again-${randomUUID().slice(0, 8)}`;
	await tx.$executeRaw`
		insert into outbox (kind, key, payload)
		select kind, key || ${again}, payload from outbox o where "doneAt" is not null and (
			kind = 'rollout.start' and exists (select from rollout r where r.id = o.payload->>'rolloutId' and r.state <> all(${ended}))
			or kind = 'pipeline.start' and exists (select from pipeline p where p.id = o.payload->>'pipelineId' and p.state = 'queued')
			or kind in ('webhook.deliver', 'webhook.receive') and exists (select from webhook_delivery d
				where d.id = o.payload->>'deliveryId' and d.state = 'waiting' and d.round = (o.payload->>'round')::int))`;
}
