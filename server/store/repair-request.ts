import { leaseMs } from "@/domain/rollout/observation";
import { Prisma, type RepairRequest } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";

export type RepairRequestRecord = RepairRequest;

/** Not yet done, oldest first. */
export async function openRepairRequests(tx: Tx): Promise<RepairRequestRecord[]> {
	return tx.repairRequest.findMany({ where: { doneAt: null }, orderBy: [{ createdAt: "asc" }, { id: "asc" }] });
}

/** False when one for this service and environment is open already. Call it under `lockServiceEnvironment`. */
export async function insertRepairRequest(tx: Tx, service: string, environment: string, reason: string): Promise<boolean> {
	if ((await tx.repairRequest.count({ where: { service, environment, doneAt: null } })) > 0) return false;
	await tx.repairRequest.create({ data: { service, environment, reason, createdAt: new Date(await databaseNow(tx)) } });
	return true;
}

export async function closeRepairRequest(tx: Tx, id: RepairRequestRecord["id"]): Promise<void> {
	await tx.repairRequest.update({ where: { id }, data: { doneAt: new Date(await databaseNow(tx)) } });
}

export interface Misplaced {
	readonly service: string;
	readonly environment: string;
	readonly host: string;
	readonly why: "silent" | "draining";
	readonly instances: number;
}

const moving = Prisma.sql`r.state not in ('awaiting-approval', 'promoted', 'rolled-back', 'failed', 'superseded', 'rejected')`;

/**
 * Live instances on hosts that are silent for `lostAfterMs` or draining, where no rollout is under way and no repair
 * was asked for within `patienceMs`. What holds a volume is never misplaced: its data is there and nowhere else.
 */
export async function misplacedInstances(tx: Tx, lostAfterMs: number, patienceMs: number): Promise<Misplaced[]> {
	const now = Prisma.sql`clock_timestamp() at time zone 'utc'`;
	return tx.$queryRaw<Misplaced[]>`
		select i.service, i.environment, h.id as host, count(*)::int as instances,
			case when h."leaseAt" < ${now} - ${leaseMs} * interval '1 millisecond' then 'silent' else 'draining' end as why
		from instance i join host h on h.id = i."hostId"
		where i.desired and i.phase in ('desired', 'warm', 'serving') and h.state <> 'removed'
			and i.spec->'volumes' is null
			and (h.state = 'draining' or h."leaseAt" < ${now} - ${leaseMs + lostAfterMs} * interval '1 millisecond')
			and not exists (select from rollout r where r.service = i.service and r.environment = i.environment and ${moving})
			and not exists (select from repair_request q where q.service = i.service and q.environment = i.environment
				and (q."doneAt" is null or q."createdAt" > ${now} - ${patienceMs} * interval '1 millisecond'))
		group by i.service, i.environment, h.id, h."leaseAt" order by i.service, i.environment, h.id`;
}
