import { leaseMs } from "@/domain/rollout/observation";
import { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";

const leaseEnd = Prisma.sql`clock_timestamp() at time zone 'utc' - ${leaseMs} * interval '1 millisecond'`;

export interface SilentHost {
	readonly host: string;
	/** When it was last heard, by Postgres' clock. */
	readonly since: Date;
}

/** Hosts whose lease is over, each once until it is heard again. One that has never reported is not among them. */
export async function markSilentHosts(tx: Tx): Promise<SilentHost[]> {
	return tx.$queryRaw<SilentHost[]>`
		update host set "silentSince" = "leaseAt"
		where state <> 'removed' and "silentSince" is null and "leaseAt" < ${leaseEnd}
		returning id as host, "leaseAt" as since`;
}

/** Hosts that were marked and report again, each once. */
export async function markHeardHosts(tx: Tx): Promise<(SilentHost & { readonly at: Date })[]> {
	return tx.$queryRaw<(SilentHost & { readonly at: Date })[]>`
		with heard as (
			select id, "silentSince" as since from host
			where state <> 'removed' and "silentSince" is not null and "leaseAt" > ${leaseEnd}
			order by id for update
		)
		update host h set "silentSince" = null from heard where h.id = heard.id
		returning h.id as host, heard.since, h."leaseAt" as at`;
}
