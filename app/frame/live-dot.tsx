"use client";

import { useTranslations } from "next-intl";
import { cx } from "@/components/class-names";
import { useAbsoluteTime } from "@/components/time-ago";
import { Tooltip } from "@/components/tooltip";
import { useConnection } from "../live/connection";

/** Live, reconnecting, or stale since: how far what is shown can be trusted. */
export function LiveDot() {
	const t = useTranslations("live");
	const absolute = useAbsoluteTime();
	const { state, since } = useConnection();
	if (state === "off") return null;
	const label = state === "stale" ? t("stale", { since: absolute(new Date(since), "clock") }) : t(state);
	return (
		<Tooltip text={t(`hint.${state}`)}>
			<output className="inline-flex items-center gap-1.5 px-1 text-soft text-xs" data-live={state}>
				<span
					aria-hidden="true"
					className={cx(
						"size-2 rounded-full",
						state === "live" && "bg-healthy",
						(state === "connecting" || state === "reconnecting") && "animate-pulse border-2 border-waiting",
						state === "stale" && "rounded-none bg-degraded",
					)}
				/>
				<span className="max-sm:sr-only">{label}</span>
			</output>
		</Tooltip>
	);
}
