import { AppError } from "@/domain/errors";
import { parseWeekly, weeklyText } from "@/domain/freeze/weekly";
import { type ActiveFreeze, activeFreeze, concerns, type Freeze, holdsAt, windowAt } from "@/domain/freeze/window";
import type { Prisma } from "@/prisma/generated/client";
import type { Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import type { FreezeRow } from "@/server/views";

/** How many that are over are listed with those that hold or come. */
const shownPast = 50;

export async function insertFreeze(tx: Tx, freeze: Freeze): Promise<void> {
	const { time, ...rest } = freeze;
	const once = time.kind === "once" ? { startsAt: time.from, endsAt: time.until } : { weekly: weeklyText(time.span) };
	await tx.freezeWindow.create({ data: { ...rest, ...once, createdAt: new Date(await databaseNow(tx)) } });
}

/** Throws `not-found`. */
export async function getFreezeRow(tx: Tx, id: string): Promise<FreezeRow> {
	const row = await tx.freezeWindow.findUnique({ where: { id } });
	if (!row) throw new AppError("not-found", `There is no freeze ${id}: \`sluice freeze list\` lists them.`);
	return rowOf(row, new Date(await databaseNow(tx)));
}

export async function markFreezeEnded(tx: Tx, id: string, by: string): Promise<void> {
	await tx.freezeWindow.update({ where: { id }, data: { endedAt: new Date(await databaseNow(tx)), endedBy: by } });
}

/**
 * Waits for the starts under way in this environment, and lets none begin until the transaction ends: after a freeze was
 * made, nothing begins that did not see it. Throws `not-found`.
 */
export async function lockStarts(tx: Tx, environment: string): Promise<void> {
	const rows = await tx.$queryRaw<unknown[]>`select 1 from environment where name = ${environment} for no key update`;
	if (rows.length === 0) throw new AppError("not-found", `There is no environment ${environment}.`);
}

/** The freeze that keeps a new release of the service out of the environment now, by Postgres' clock; null = none. Holds new ones back until the transaction ends. */
export async function freezeAtStart(tx: Tx, service: string, environment: string): Promise<ActiveFreeze | null> {
	await tx.$executeRaw`select 1 from environment where name = ${environment} for share`;
	return (await freezesNow(tx, environment))(service, environment);
}

export type FreezeOf = (service: string, environment: string) => ActiveFreeze | null;

/** Of all services at once, or of one environment: which freeze holds there now. */
export async function freezesNow(tx: Tx, environment?: string): Promise<FreezeOf> {
	const { freezes, now } = await openFreezes(tx, environment);
	return (service, where) =>
		activeFreeze(
			freezes.filter((freeze) => concerns(freeze, service, where)),
			now,
		);
}

/** Those that hold now, of one service or (service null) of all that are there. */
export async function freezesInForce(tx: Tx): Promise<Freeze[]> {
	const { freezes, now } = await openFreezes(tx);
	return freezes.filter((freeze) => activeFreeze([freeze], now) !== null);
}

async function openFreezes(tx: Tx, environment?: string): Promise<{ freezes: Freeze[]; now: Date }> {
	const rows = await tx.freezeWindow.findMany({
		where: { endedAt: null, ...(environment === undefined ? {} : { environment }) },
	});
	return { freezes: rows.map(toDomain), now: new Date(rows.length === 0 ? 0 : await databaseNow(tx)) };
}

/** What holds and what comes first, by when; then what is over, newest first. */
export async function readFreezes(tx: Tx, filter: { environment?: string; service?: string }): Promise<FreezeRow[]> {
	const where = {
		...(filter.environment === undefined ? {} : { environment: filter.environment }),
		...(filter.service === undefined ? {} : { OR: [{ service: null }, { service: filter.service }] }),
	};
	const now = new Date(await databaseNow(tx));
	const open = await tx.freezeWindow.findMany({ where: { ...where, endedAt: null } });
	const past = await tx.freezeWindow.findMany({
		where: { ...where, NOT: { endedAt: null } },
		orderBy: { endedAt: "desc" },
		take: shownPast,
	});
	const rows = open.map((row) => rowOf(row, now));
	const isLive = ({ state }: FreezeRow) => state === "active" || state === "coming";
	const at = ({ window }: FreezeRow) => window?.from.getTime() ?? 0;
	const live = rows.filter(isLive).sort((a, b) => at(a) - at(b));
	const over = rows.filter((row) => !isLive(row)).sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
	return [...live, ...[...over, ...past.map((row) => rowOf(row, now))].slice(0, shownPast)];
}

function rowOf(row: Prisma.FreezeWindowModel, now: Date): FreezeRow {
	const { id, environment, service, weekly, zone, reason, createdBy, createdAt, endedAt, endedBy } = row;
	const window = endedAt === null ? windowAt(toDomain(row), now) : null;
	const state = endedAt !== null ? "ended" : window === null ? "over" : holdsAt(window, now) ? "active" : "coming";
	return {
		...{ id, environment, service, state, weekly, zone, reason, createdBy, createdAt, endedAt, endedBy },
		window: window && { from: window.from, until: window.until },
		from: row.startsAt,
		until: row.endsAt,
	};
}

function toDomain(row: Prisma.FreezeWindowModel): Freeze {
	const { id, environment, service, zone, reason, createdBy } = row;
	const span = row.weekly === null ? null : parseWeekly(row.weekly);
	// What cannot be read must not keep anybody out for ever: it is over.
	const nothing = new Date(0);
	const time = span
		? ({ kind: "weekly", span } as const)
		: ({ kind: "once", from: row.startsAt ?? nothing, until: row.endsAt ?? nothing } as const);
	return { id, environment, service, time, zone, reason, createdBy };
}
