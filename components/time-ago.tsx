"use client";

import { useFormatter, useTranslations } from "next-intl";
import { Tooltip } from "./tooltip";
import { useNow } from "./use-now";

/** "3 min ago"; the absolute time and zone on hover and for machines. */
export function TimeAgo({ at, className }: { at: Date; className?: string }) {
	const t = useTranslations("time");
	const now = useNow();
	const absolute = useAbsoluteTime();
	const seconds = Math.floor((now - at.getTime()) / 1000);
	return (
		<Tooltip text={absolute(at)}>
			<time dateTime={at.toISOString()} className={className} suppressHydrationWarning>
				{agoText(t, seconds, absolute(at, "date"))}
			</time>
		</Tooltip>
	);
}

function agoText(t: ReturnType<typeof useTranslations<"time">>, seconds: number, date: string): string {
	if (seconds < 5) return t("now");
	if (seconds < 60) return t("secondsAgo", { count: seconds });
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return t("minutesAgo", { count: minutes });
	const hours = Math.floor(minutes / 60);
	if (hours < 24) return t("hoursAgo", { count: hours });
	const days = Math.floor(hours / 24);
	return days < 14 ? t("daysAgo", { count: days }) : date;
}

/** Formats in the reader's own zone, with its name. */
export function useAbsoluteTime(): (at: Date, kind?: "full" | "clock" | "date") => string {
	const format = useFormatter();
	const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
	return (at, kind = "full") => {
		if (kind === "date") return format.dateTime(at, { dateStyle: "medium", timeZone: zone });
		if (kind === "clock")
			return format.dateTime(at, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: zone });
		return format.dateTime(at, {
			year: "numeric",
			month: "short",
			day: "numeric",
			hour: "2-digit",
			minute: "2-digit",
			second: "2-digit",
			hour12: false,
			timeZoneName: "short",
			timeZone: zone,
		});
	};
}
