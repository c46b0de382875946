"use client";

import { useTranslations } from "next-intl";
import { durationParts } from "./duration";
import { useNow } from "./use-now";

/** From `from` to `to`; with `to` null it is running, and only then it ticks. */
export function Elapsed({ from, to, className }: { from: Date; to: Date | null; className?: string }) {
	const now = useNow(to === null);
	const length = useDuration();
	const end = to === null ? Math.max(now, from.getTime()) : to.getTime();
	return (
		<span className={className} data-running={to === null} suppressHydrationWarning>
			<span className="tabular">{length(end - from.getTime())}</span>
		</span>
	);
}

/** A length of time in words, from milliseconds. */
export function useDuration(): (milliseconds: number) => string {
	const t = useTranslations("time");
	return (milliseconds) => {
		const { unit, major, minor } = durationParts(milliseconds);
		return t(`length.${unit}`, { major, minor });
	};
}
