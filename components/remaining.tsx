"use client";

import { useTranslations } from "next-intl";
import { useDuration } from "./elapsed";
import { useNow } from "./use-now";

/** How long until `until`, in words; ticks, and says so when it is over. */
export function Remaining({ until, className }: { until: Date; className?: string }) {
	const t = useTranslations("time");
	const now = useNow();
	const length = useDuration();
	const left = until.getTime() - now;
	return (
		<span className={className} data-running={left > 0} suppressHydrationWarning>
			<span className="tabular">{left > 0 ? t("left", { length: length(Math.ceil(left / 1000) * 1000) }) : t("over")}</span>
		</span>
	);
}
