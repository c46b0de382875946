import { channels, type Tx } from "@/server/store/client";

export type RolloutEventKind = "step" | "publish" | "acknowledged" | "instance" | "drain" | "decision" | "problem" | "ended";

export interface NewRolloutEvent {
	readonly kind: RolloutEventKind;
	readonly message: string;
	/** Default: sluice. */
	readonly actor?: string;
	readonly data?: Readonly<Record<string, unknown>>;
	/** Names what it tells: a second event with the same key is not written, so a repeated activity tells nothing twice. */
	readonly key: string;
}

/**
 * Appends events under the rollout's row lock: numbers are dense, and a reader who saw number n has seen all before it.
 * Two statements, so that the second sees what was told before the lock was ours.
 */
export async function appendEvents(tx: Tx, rolloutId: string, events: readonly NewRolloutEvent[]): Promise<void> {
	if (events.length === 0) return;
	const records = events.map(({ kind, key, actor, message, data }, position) => ({
		...{ position, kind, key, message, actor: actor ?? "sluice", data: { ...data, key } },
	}));
	await tx.$executeRaw`select 1 from rollout where id = ${rolloutId} for update`;
	await tx.$queryRaw`
		with fresh as (
			select row_number() over (order by position)::int as place, word.*
			from jsonb_to_recordset(${JSON.stringify(records)}::jsonb)
				as word(position int, kind text, key text, actor text, message text, data jsonb)
			where not exists (select from rollout_event told where told."rolloutId" = ${rolloutId} and told.data->>'key' = word.key)),
		before as (select "eventSequence" as last from rollout where id = ${rolloutId}),
		counted as (
			update rollout set "eventSequence" = "eventSequence" + (select count(*)::int from fresh) where id = ${rolloutId}),
		written as (
			insert into rollout_event ("rolloutId", sequence, at, kind, actor, message, data)
			select ${rolloutId}, before.last + place, clock_timestamp() at time zone 'utc', kind, actor, message, data from fresh, before
			returning sequence)
		select pg_notify(${channels.rollout}, ${rolloutId})::text from (select count(*) as n from written) told where n > 0`;
}
