/** What a clock on the wall of a time zone shows, to the minute. */
export interface WallTime {
	readonly year: number;
	/** 1 to 12. */
	readonly month: number;
	readonly day: number;
	/** Of the day: 0 to 1439. */
	readonly minute: number;
}

/** Making one costs more than asking it a thousand times. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
	const known = clocks.get(zone);
	if (known) return known;
	const clock = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
		timeZone: zone,
		hourCycle: "h23",
		...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" },
	});
	clocks.set(zone, clock);
	return clock;
}

export function isTimeZone(zone: string): boolean {
	try {
		clockOf(zone);
		return true;
	} catch {
		return false;
	}
}

export function wallTimeAt(zone: string, atMs: number): WallTime {
	const parts = new Map(
		clockOf(zone)
			.formatToParts(atMs)
			.map(({ type, value }) => [type, Number(value)]),
	);
	const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
	return { year: part("year"), month: part("month"), day: part("day"), minute: part("hour") * 60 + part("minute") };
}

/**
 * When the clock shows this, in milliseconds. An hour that is shown twice has two such moments; one that is skipped has
 * none, and the two around it stand for it: whoever freezes takes the earlier one to begin and the later one to end.
 */
export function momentsOf(zone: string, wall: WallTime): { readonly earliest: number; readonly latest: number } {
	const asIfUtc = Date.UTC(wall.year, wall.month - 1, wall.day, 0, wall.minute);
	const dayMs = 86_400_000;
	// No zone changes its clock twice within two days.
	const candidates = [asIfUtc - dayMs, asIfUtc + dayMs].map((near) => asIfUtc - offsetAt(zone, near));
	const shown = candidates.filter((moment) => moment + offsetAt(zone, moment) === asIfUtc);
	const moments = shown.length > 0 ? shown : candidates;
	return { earliest: Math.min(...moments), latest: Math.max(...moments) };
}

/** How far the wall is ahead of UTC. */
function offsetAt(zone: string, atMs: number): number {
	const minuteMs = Math.floor(atMs / 60_000) * 60_000;
	const { year, month, day, minute } = wallTimeAt(zone, minuteMs);
	return Date.UTC(year, month - 1, day, 0, minute) - minuteMs;
}

/** `2026-11-30 08:00`. */
export function wallText(zone: string, atMs: number): string {
	const { year, month, day, minute } = wallTimeAt(zone, atMs);
	return `${year}-${two(month)}-${two(day)} ${clockText(minute)}`;
}

/** `08:00`. */
export function clockText(minute: number): string {
	return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function two(number: number): string {
	return String(number).padStart(2, "0");
}

/**
 * `2026-11-30T08:00` as the zone's wall shows it, or with a zone of its own (`Z`, `+01:00`); null = neither. Of an hour
 * that is shown twice `earliest` or `latest` is meant.
 */
export function readMoment(text: string, zone: string, which: "earliest" | "latest"): Date | null {
	const match = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text.trim());
	if (!match) return null;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1, 6).map(Number);
	const date = new Date(Date.UTC(year, month - 1, day));
	if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59) return null;
	if (match[6] !== undefined) return new Date(text.trim().replace(" ", "T"));
	return new Date(momentsOf(zone, { year, month, day, minute: hour * 60 + minute })[which]);
}
