import { randomUUID } from "node:crypto";
import { AppError } from "@/domain/errors";
import { isTimeZone, readMoment, wallText } from "@/domain/freeze/wall-clock";
import { parseWeekly, weeklyText } from "@/domain/freeze/weekly";
import type { FreezeTime } from "@/domain/freeze/window";
import type { Actor } from "@/domain/roles";
import { recordAudit } from "@/server/store/audit";
import { type Database, notify, type Tx } from "@/server/store/client";
import { databaseNow } from "@/server/store/clock";
import { getFreezeRow, insertFreeze, lockStarts, markFreezeEnded } from "@/server/store/freeze";
import { hasService } from "@/server/store/service";
import type { FreezeRow } from "@/server/views";

type Deps = { readonly database: Database };

/** Once, from one moment to another, or weekly: `fri 18:00 - mon 08:00`. */
export interface FreezeWish {
	readonly environment: string;
	/** null = every service. */
	readonly service: string | null;
	/** As the zone's wall shows it, or with a zone of its own; left out = from now on. */
	readonly from?: string | undefined;
	readonly until?: string | undefined;
	readonly weekly?: string | undefined;
	readonly zone: string;
	readonly reason: string;
}

/** When it has answered, no new release begins there any more. Throws `not-found` and `invalid`. */
export async function createFreeze(deps: Deps, actor: Actor, wish: FreezeWish): Promise<FreezeRow> {
	const { environment, service, zone, reason } = wish;
	const id = randomUUID().slice(0, 8);
	return deps.database.$transaction(async (tx) => {
		await lockStarts(tx, environment);
		if (service !== null && !(await hasService(tx, service))) throw new AppError("not-found", `There is no service ${service}.`);
		const time = timeOf(wish, new Date(await databaseNow(tx)));
		await insertFreeze(tx, { id, environment, service, time, zone, reason, createdBy: actor.name });
		const span =
			time.kind === "weekly"
				? `every week, ${weeklyText(time.span)}`
				: `from ${wallText(zone, time.from.getTime())} to ${wallText(zone, time.until.getTime())}`;
		const what = service === null ? environment : `${service} in ${environment}`;
		await audit(tx, actor, "freeze.create", id, `${actor.name} froze ${what} ${span} (${zone}): ${reason}`);
		return getFreezeRow(tx, id);
	});
}

/** It holds no more, from now on; what it kept out may begin. Throws `not-found`, and `not-allowed-now` when it is over already. */
export async function endFreeze(deps: Deps, actor: Actor, id: string, reason: string): Promise<FreezeRow> {
	return deps.database.$transaction(async (tx) => {
		const { environment } = await getFreezeRow(tx, id);
		await lockStarts(tx, environment);
		const { state, service, endedBy } = await getFreezeRow(tx, id);
		if (state === "ended")
			throw new AppError("not-allowed-now", `The freeze ${id} was ended already, by ${endedBy ?? "someone"}.`);
		if (state === "over") throw new AppError("not-allowed-now", `The freeze ${id} is over by itself: there is nothing to end.`);
		await markFreezeEnded(tx, id, actor.name);
		const what = service === null ? environment : `${service} in ${environment}`;
		const why = reason === "" ? "" : `: ${reason}`;
		await audit(tx, actor, "freeze.end", id, `${actor.name} ended the freeze ${id} of ${what}${why}`);
		return getFreezeRow(tx, id);
	});
}

function timeOf({ from, until, weekly, zone }: FreezeWish, now: Date): FreezeTime {
	if (!isTimeZone(zone)) {
		throw new AppError("invalid", `"${zone}" is no time zone: give one as Europe/Berlin, Asia/Shanghai or UTC.`);
	}
	if (weekly !== undefined) {
		if (from !== undefined || until !== undefined)
			throw new AppError("invalid", "A freeze is weekly, or from one moment until another: give one of the two.");
		const span = parseWeekly(weekly);
		if (span) return { kind: "weekly", span };
		throw new AppError("invalid", `"${weekly}" is no span of a week: write it as "fri 18:00 - mon 08:00".`);
	}
	if (until === undefined)
		throw new AppError("invalid", "Say until when it is frozen, or a weekly span: it may be ended earlier.");
	const time = {
		kind: "once",
		from: from === undefined ? now : momentOf(from, zone, "earliest"),
		until: momentOf(until, zone, "latest"),
	} as const;
	if (time.until <= time.from) throw new AppError("invalid", "A freeze ends after it begins: give a later end.");
	if (time.until <= now) throw new AppError("invalid", `${until} (${zone}) is past: a freeze holds only what is to come.`);
	return time;
}

function momentOf(text: string, zone: string, which: "earliest" | "latest"): Date {
	const moment = readMoment(text, zone, which);
	if (moment) return moment;
	throw new AppError("invalid", `"${text}" is no time: write it as 2026-12-24T18:00, by the clock of ${zone}.`);
}

async function audit(tx: Tx, actor: Actor, action: string, id: string, summary: string): Promise<void> {
	await recordAudit(tx, actor, { action, subjectKind: "freeze", subject: id, summary });
	await notify(tx, "freeze", id);
}
