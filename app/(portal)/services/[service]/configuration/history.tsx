"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useList } from "@/components/list";
import { Section } from "@/components/section";
import { Skeleton } from "@/components/skeleton";
import { TimeAgo } from "@/components/time-ago";
import type { ConfigPage } from "@/server/views";
import { Problem } from "../../../../frame/problem";
import { useTRPC } from "../../../../trpc/client";
import { Differences } from "./differences";

/** Every version, newest first: who, when, why, what changed, and which releases run with it. */
export function History({ config }: { config: ConfigPage }) {
	const t = useTranslations("configuration");
	const list = useList();
	const { service, environment } = config;
	const query = useQuery(useTRPC().config.history.queryOptions({ service, environment }));
	if (config.version === 0) return null;
	return (
		<Section title={t("history")}>
			{query.isError && <Problem query={query} />}
			{query.data === undefined && !query.isError && <Skeleton className="h-20" />}
			<ol className="divide-y divide-line">
				{query.data?.map((row) => (
					<li key={row.version} className="grid grid-cols-[minmax(0,1fr)] gap-1 py-2">
						<p className="flex flex-wrap items-baseline gap-x-2 text-sm">
							<span className="font-medium tabular">{t("versionName", { version: row.version })}</span>
							{row.version === config.serving?.version && <span className="text-healthy text-xs">{t("servesNow")}</span>}
							<span className="text-soft">
								{row.createdBy} <TimeAgo at={row.createdAt} className="text-faint" />
							</span>
							{row.releases.length > 0 && (
								<span className="text-faint text-xs tabular">
									{t("inReleases", { releases: list(row.releases.map(String)) })}
								</span>
							)}
						</p>
						{row.comment !== "" && <p className="text-soft text-sm break-words">{row.comment}</p>}
						<details className="text-sm">
							<summary className="cursor-pointer text-accent text-xs">{t("whatChanged", { count: row.changes.length })}</summary>
							<div className="mt-2">
								<Differences differences={row.changes} />
							</div>
						</details>
					</li>
				))}
			</ol>
		</Section>
	);
}
