"use client";

import { useTranslations } from "next-intl";
import { Skeleton } from "@/components/skeleton";
import { StatusShape, type Tone } from "@/components/status";
import type { Attention, Everything } from "./attention";

/** The first sentence of the page. */
export function Verdict({
	everything,
	attention,
	running,
}: {
	everything: Everything;
	attention: readonly Attention[] | null;
	running: number;
}) {
	const t = useTranslations("home.verdict");
	if (attention === null) return <Skeleton className="h-7 w-96 max-w-full" />;
	const ready = everything.hosts.filter((host) => host.state === "ready").length;
	const facts = t("facts", { services: everything.serviceCount, ready, hosts: everything.hosts.length, running });
	const worst = attention[0]?.tone;
	const tone: Tone = worst ?? (everything.hosts.length === 0 ? "waiting" : "healthy");
	const sentence =
		attention.length > 0 ? t("needs", { count: attention.length }) : everything.hosts.length === 0 ? t("noHosts") : t("well");
	return (
		<p className="flex flex-wrap items-center gap-x-3 gap-y-1" data-verdict={tone}>
			<span className="inline-flex items-center gap-2 font-medium text-lg">
				<StatusShape tone={tone} className="size-3.5" />
				{sentence}
			</span>
			<span className="text-soft">{facts}</span>
		</p>
	);
}
