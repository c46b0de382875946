"use client";

import { useTranslations } from "next-intl";
import type { RouteDifference as Difference } from "@/domain/traffic/difference";

/** From what a proxy has to what is published: shares first, then who takes requests. */
export function RouteDifference({ difference }: { difference: Difference }) {
	const t = useTranslations("gateway.difference");
	const { weights, endpoints } = difference;
	if (weights.length + endpoints.length === 0) return <p className="text-faint text-xs">{t("none")}</p>;
	return (
		<ul className="grid gap-0.5 text-xs">
			{weights.map(({ release, from, to }) => (
				<li key={release} className="tabular">
					{t("weight", { release, from: from ?? 0, to: to ?? 0 })}
				</li>
			))}
			{endpoints.map(({ instance, from, to }) => (
				<li key={instance} className="break-words">
					<code className="font-mono">{instance}</code>{" "}
					{from === null ? t("comes") : to === null ? t("leaves") : to === "draining" ? t("drains") : t("returns")}
				</li>
			))}
		</ul>
	);
}
