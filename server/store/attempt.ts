import type { Tx } from "@/server/store/client";

export interface AttemptRule {
	readonly max: number;
	readonly windowMs: number;
}

/**
 * Counts one more try and says whether it may go on. One statement, so tries at once are all counted; the count is of
 * a window that begins with its first try, by Postgres's clock.
 */
export async function takeAttempt(tx: Tx, key: string, { max, windowMs }: AttemptRule): Promise<boolean> {
	const rows = await tx.$queryRaw<{ count: number }[]>`
		insert into attempt (key, count, since) values (${key.slice(0, 300)}, 1, now())
		on conflict (key) do update set
			count = case when attempt.since + make_interval(secs => ${windowMs / 1000}) <= now() then 1 else attempt.count + 1 end,
			since = case when attempt.since + make_interval(secs => ${windowMs / 1000}) <= now() then now() else attempt.since end
		returning count`;
	return (rows[0]?.count ?? 0) <= max;
}

/** Who proved to be right begins anew; what is over is removed with it. */
export async function forgetAttempts(tx: Tx, key: string): Promise<void> {
	await tx.$executeRaw`delete from attempt where key = ${key.slice(0, 300)} or since < now() - interval '1 day'`;
}

/** A try that proved to be right is not counted among those of its key. */
export async function giveAttemptBack(tx: Tx, key: string): Promise<void> {
	await tx.$executeRaw`update attempt set count = count - 1 where key = ${key.slice(0, 300)} and count > 0`;
}
