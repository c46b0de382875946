import { momentsOf, type WallTime, wallTimeAt } from "@/domain/freeze/wall-clock";
import { type WeeklySpan, weekdays } from "@/domain/freeze/weekly";

export type FreezeTime =
	| { readonly kind: "once"; readonly from: Date; readonly until: Date }
	| { readonly kind: "weekly"; readonly span: WeeklySpan };

/** No new release enters the environment while it holds. */
export interface Freeze {
	readonly id: string;
	readonly environment: string;
	/** null = every service. */
	readonly service: string | null;
	readonly time: FreezeTime;
	/** By whose clock it is meant and told. */
	readonly zone: string;
	readonly reason: string;
	readonly createdBy: string;
}

/** `until` is the first moment that is free again. */
export interface FreezeWindow {
	readonly from: Date;
	readonly until: Date;
}

/** A freeze that holds now, and until when. */
export interface ActiveFreeze extends Omit<Freeze, "time">, FreezeWindow {}

/** The window that holds now, else the next one; null = it is over for good. */
export function windowAt({ time, zone }: Pick<Freeze, "time" | "zone">, now: Date): FreezeWindow | null {
	if (time.kind === "once") return now < time.until ? time : null;
	// A span begins in this week, or in the one before and reaches into it; the next one is at most a week further.
	const windows = [-1, 0, 1].map((week) => weekWindow(time.span, zone, now, week));
	return windows.find(({ until }) => now < until) ?? null;
}

export function holdsAt(window: FreezeWindow | null, now: Date): window is FreezeWindow {
	return window !== null && window.from <= now && now < window.until;
}

/** Of those that hold now, the one that holds longest; null = none does. */
export function activeFreeze(freezes: readonly Freeze[], now: Date): ActiveFreeze | null {
	let longest: ActiveFreeze | null = null;
	for (const { time, ...freeze } of freezes) {
		const window = windowAt({ time, zone: freeze.zone }, now);
		if (!holdsAt(window, now) || (longest && longest.until >= window.until)) continue;
		longest = { ...freeze, from: window.from, until: window.until };
	}
	return longest;
}

/** Does it hold for this service there? */
export function concerns(freeze: Pick<Freeze, "service" | "environment">, service: string, environment: string): boolean {
	return freeze.environment === environment && (freeze.service === null || freeze.service === service);
}

function weekWindow(span: WeeklySpan, zone: string, now: Date, week: number): FreezeWindow {
	const today = wallTimeAt(zone, now.getTime());
	const monday = -((new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay() + 6) % 7) + week * 7;
	const start = weekdays.indexOf(span.startDay);
	const days = (weekdays.indexOf(span.endDay) - start + 7) % 7;
	const isFullWeek = days === 0 && span.endMinute <= span.startMinute;
	const end = start + days + (isFullWeek ? 7 : 0);
	return {
		from: new Date(momentsOf(zone, dayAfter(today, monday + start, span.startMinute)).earliest),
		until: new Date(momentsOf(zone, dayAfter(today, monday + end, span.endMinute)).latest),
	};
}

function dayAfter({ year, month, day }: WallTime, days: number, minute: number): WallTime {
	const date = new Date(Date.UTC(year, month - 1, day + days));
	return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), minute };
}
