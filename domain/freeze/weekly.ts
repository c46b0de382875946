import { clockText } from "@/domain/freeze/wall-clock";

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

/** One span of every week, by the wall's clock; it may go over the end of the week: Friday evening to Monday morning. */
export interface WeeklySpan {
	readonly startDay: Weekday;
	/** Of the day: 0 to 1439. */
	readonly startMinute: number;
	readonly endDay: Weekday;
	readonly endMinute: number;
}

/** `fri 18:00 - mon 08:00`; null = not so written, or no span at all. The same minute of the same day is none: that would be always. */
export function parseWeekly(text: string): WeeklySpan | null {
	const moment = "(mon|tue|wed|thu|fri|sat|sun)\\s+([01]?\\d|2[0-3]):([0-5]\\d)";
	const match = new RegExp(`^${moment}\\s*(?:-|–|to)\\s*${moment}$`).exec(text.trim().toLowerCase());
	if (!match) return null;
	const startMinute = Number(match[2]) * 60 + Number(match[3]);
	const endMinute = Number(match[5]) * 60 + Number(match[6]);
	const span = { startDay: match[1] as Weekday, startMinute, endDay: match[4] as Weekday, endMinute };
	return span.startDay === span.endDay && startMinute === endMinute ? null : span;
}

/** As `parseWeekly` reads it. */
export function weeklyText({ startDay, startMinute, endDay, endMinute }: WeeklySpan): string {
	return `${startDay} ${clockText(startMinute)} - ${endDay} ${clockText(endMinute)}`;
}
