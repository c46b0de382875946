"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Empty } from "@/components/empty";
import { Section } from "@/components/section";
import { Skeleton } from "@/components/skeleton";
import type { HostRow } from "@/server/views";
import { PageHead } from "../../frame/page-head";
import { Problem } from "../../frame/problem";
import { useLive } from "../../live/use-live";
import { useTRPC } from "../../trpc/client";
import { Host } from "./host";
import { JoinHost } from "./join-host";

export function HostsView() {
	const t = useTranslations("hosts");
	const client = useQueryClient();
	const options = useTRPC().host.list.queryOptions();
	const hosts = useQuery(options);
	useLive("/api/live/hosts", {
		onChange: (data) => client.setQueryData(options.queryKey, data as HostRow[]),
		onGap: () => void hosts.refetch(),
	});
	const ready = hosts.data?.filter((host) => host.state === "ready").length ?? 0;
	return (
		<>
			<PageHead
				title={t("title")}
				facts={hosts.data === undefined ? t("intro") : t("count", { ready, count: hosts.data.length })}
			/>
			{hosts.isError && (
				<div className="mb-4">
					<Problem query={hosts} />
				</div>
			)}
			{hosts.data === undefined && !hosts.isError && (
				<div className="grid gap-4">
					<Skeleton className="h-40" />
					<Skeleton className="h-40" />
				</div>
			)}
			{hosts.data?.length === 0 && (
				<Empty title={t("empty")}>
					<JoinHost />
				</Empty>
			)}
			<div className="grid grid-cols-[minmax(0,1fr)] gap-8">
				{hosts.data?.map((host) => (
					<Host key={host.name} host={host} />
				))}
				{hosts.data !== undefined && hosts.data.length > 0 && (
					<Section title={t("join")} className="border-line border-t pt-4">
						<JoinHost />
					</Section>
				)}
			</div>
		</>
	);
}
