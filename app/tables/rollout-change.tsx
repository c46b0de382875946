"use client";

import { useTranslations } from "next-intl";
import type { RolloutRow } from "@/server/views";

/** What a rollout changes, by its kind, in words. */
export function useRolloutChange(): (rollout: Pick<RolloutRow, "kind" | "from" | "to">) => string {
	const t = useTranslations("rolloutChange");
	return ({ kind, from, to }) => {
		if (kind === "release" && from === null) return t("first", { to });
		return t(kind, { from: from ?? 0, to });
	};
}
