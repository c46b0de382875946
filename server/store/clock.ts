import type { Tx } from "@/server/store/client";

/** Postgres's clock, in milliseconds: the one clock that every process of the control plane shares. */
export async function databaseNow(tx: Tx): Promise<number> {
	const rows = await tx.$queryRaw<{ now: number }[]>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`;
	const now = rows[0]?.now;
	if (now === undefined) throw new Error("Postgres did not say what time it is");
	return Math.round(now);
}
