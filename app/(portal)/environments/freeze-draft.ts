import { wallText } from "@/domain/freeze/wall-clock";
import type { Weekday } from "@/domain/freeze/weekly";
import type { FreezeWords } from "../../verbs/command";

/** What the form holds; times are as their inputs write them. */
export interface FreezeDraft {
	readonly environment: string;
	/** "" = every service. */
	readonly service: string;
	readonly kind: "once" | "weekly";
	readonly zone: string;
	readonly from: string;
	readonly until: string;
	readonly startDay: Weekday;
	readonly startTime: string;
	readonly endDay: Weekday;
	readonly endTime: string;
}

/** The weekend, or a day from now. */
export function draftOf(environment: string, zone: string, now: Date): FreezeDraft {
	const until = wallText(zone, now.getTime() + 86_400_000).replace(" ", "T");
	const weekend = { startDay: "fri", startTime: "18:00", endDay: "mon", endTime: "08:00" } as const;
	return { environment, service: "", kind: "once", zone, from: "", until, ...weekend };
}

/** Only what the chosen kind means. */
export function wordsOf(draft: FreezeDraft): FreezeWords {
	const { environment, service, zone, kind, from, until, startDay, startTime, endDay, endTime } = draft;
	const where = { environment, service, zone };
	if (kind === "once") return { ...where, from, until, weekly: "" };
	return { ...where, from: "", until: "", weekly: `${startDay} ${startTime} - ${endDay} ${endTime}` };
}
