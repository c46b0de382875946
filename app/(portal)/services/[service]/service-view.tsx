"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { Skeleton } from "@/components/skeleton";
import { TabLinks } from "@/components/tab-links";
import type { ServicePage } from "@/server/views";
import { addressOf } from "../../../frame/addresses";
import { PageHead } from "../../../frame/page-head";
import { Problem } from "../../../frame/problem";
import { useOverview } from "../../../live/use-overview";
import { useTRPC } from "../../../trpc/client";
import { Problems, VersionChips } from "./version-chips";

// Each comes with its tab, with its editor, log viewer or charts: who opens another one does not wait for it.
const Overview = dynamic(() => import("./overview").then((file) => file.Overview), { loading: Loading });
const Releases = dynamic(() => import("./releases").then((file) => file.Releases), { loading: Loading });
const Instances = dynamic(() => import("./instances").then((file) => file.Instances), { loading: Loading });
const Pipelines = dynamic(() => import("./pipelines").then((file) => file.Pipelines), { loading: Loading });
const Logs = dynamic(() => import("./logs/logs").then((file) => file.Logs), { loading: Loading });
const Metrics = dynamic(() => import("./metrics").then((file) => file.Metrics), { loading: Loading });
const Configuration = dynamic(() => import("./configuration/configuration").then((file) => file.Configuration), {
	loading: Loading,
});

const tabNames = ["overview", "releases", "instances", "pipelines", "logs", "metrics", "configuration"] as const;

export function ServiceView({ service }: { service: string }) {
	const query = useQuery(useTRPC().service.get.queryOptions({ service }));
	useOverview();
	return (
		<>
			<PageHead title={service} facts={query.isError && query.data === undefined ? undefined : <Facts page={query.data} />} />
			{query.isError && (
				<div className="mb-4">
					<Problem query={query} />
				</div>
			)}
			{query.data === undefined ? !query.isError && <Loading /> : <Loaded page={query.data} />}
		</>
	);
}

function Loading() {
	return (
		<div className="grid grid-cols-[repeat(auto-fill,minmax(17rem,1fr))] gap-3">
			<Skeleton className="h-28" />
			<Skeleton className="h-28" />
		</div>
	);
}

function Facts({ page }: { page: ServicePage | undefined }) {
	const t = useTranslations("service");
	if (page === undefined) return <Skeleton className="w-64" />;
	return (
		<p className="flex flex-wrap gap-x-4">
			{page.description !== "" && <span>{page.description}</span>}
			{page.owner !== "" && <span>{t("ownedBy", { owner: page.owner })}</span>}
			{page.repository !== null && (
				<span>
					{t("from")}{" "}
					<Link href={addressOf.pipelinesOf(page.repository)} className="text-accent hover:underline">
						{page.repository}
					</Link>
				</span>
			)}
		</p>
	);
}

function Loaded({ page }: { page: ServicePage }) {
	const t = useTranslations("service");
	const wanted = useSearchParams().get("tab");
	const tab = tabNames.find((name) => name === wanted) ?? "overview";
	const counts = {
		overview: undefined,
		releases: page.releases.length,
		instances: page.instances.length,
		pipelines: page.pipelines.length,
		logs: undefined,
		metrics: undefined,
		configuration: undefined,
	};
	const address = addressOf.service(page.name);
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] gap-6">
			<VersionChips page={page} />
			<Problems versions={page.environments} />
			<TabLinks
				label={t("tabs.label")}
				tabs={tabNames.map((name) => ({
					href: name === "overview" ? address : `${address}?tab=${name}`,
					label: t(`tabs.${name}`),
					count: counts[name],
					current: name === tab,
				}))}
			/>
			{tab === "overview" && <Overview page={page} />}
			{tab === "releases" && <Releases page={page} />}
			{tab === "instances" && <Instances page={page} />}
			{tab === "pipelines" && <Pipelines page={page} />}
			{tab === "logs" && <Logs page={page} />}
			{tab === "metrics" && <Metrics page={page} />}
			{tab === "configuration" && <Configuration page={page} />}
		</div>
	);
}
