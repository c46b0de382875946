"use client";

import { useFormatter, useTranslations } from "next-intl";
import { Notice } from "@/components/notice";
import { Status } from "@/components/status";
import { Tooltip } from "@/components/tooltip";
import type { Frozen } from "@/server/views";

/** The end of a window by the clock that it is meant by, which may be another than the reader's. */
export function useZoneTime(): (at: Date, zone: string) => string {
	const format = useFormatter();
	return (at, zone) =>
		format.dateTime(at, {
			...{ year: "numeric", month: "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit" },
			hourCycle: "h23",
			timeZone: zone,
			timeZoneName: "short",
		});
}

/** A status with a shape and a word; until when and why stand beside it or on it. */
export function FrozenStatus({ frozen }: { frozen: Frozen }) {
	const t = useTranslations("frozen");
	const time = useZoneTime();
	return (
		<Tooltip text={t("because", { until: time(frozen.until, frozen.zone), reason: frozen.reason })}>
			<span>
				<Status tone="waiting" label={t("word")} />
			</span>
		</Tooltip>
	);
}

export function FrozenNotice({ frozen }: { frozen: Frozen }) {
	const t = useTranslations("frozen");
	const time = useZoneTime();
	return (
		<Notice tone="waiting" title={t("until", { until: time(frozen.until, frozen.zone) })}>
			{frozen.reason}
		</Notice>
	);
}
