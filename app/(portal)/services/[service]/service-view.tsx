"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { CommandLine } from "@/components/command-line";
import { Empty } from "@/components/empty";
import { Section } from "@/components/section";
import { Skeleton } from "@/components/skeleton";
import { TabLinks } from "@/components/tab-links";
import type { ServicePage } from "@/server/views";
import { addressOf } from "../../../frame/addresses";
import { PageHead } from "../../../frame/page-head";
import { Problem } from "../../../frame/problem";
import { useOverview } from "../../../live/use-overview";
import { InstanceTable } from "../../../tables/instance-table";
import { PipelineTable } from "../../../tables/pipeline-table";
import { RolloutTable } from "../../../tables/rollout-table";
import { useTRPC } from "../../../trpc/client";
import { Signals } from "./signals";
import { Problems, VersionChips } from "./version-chips";
import { Volumes } from "./volumes";

// Editor, log viewer and charts come with their tabs: who opens another one does not wait for them.
const Configuration = dynamic(() => import("./configuration/configuration").then((file) => file.Configuration), {
	loading: Loading,
});
const Logs = dynamic(() => import("./logs/logs").then((file) => file.Logs), { loading: Loading });
const Metrics = dynamic(() => import("./metrics").then((file) => file.Metrics), { loading: Loading });
const Releases = dynamic(() => import("./releases").then((file) => file.Releases), { loading: Loading });

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

function Overview({ page }: { page: ServicePage }) {
	const t = useTranslations("service");
	return (
		<>
			<Signals page={page} />
			<Section
				title={t("rollouts")}
				aside={
					<Link href={addressOf.rolloutsOf(page.name)} className="text-accent hover:underline">
						{t("allRollouts")}
					</Link>
				}
			>
				{page.rollouts.length === 0 ? (
					<Empty title={t("noRollouts")}>
						<CommandLine commands={["./sluice deploy -f sluice.yaml --image <repository@digest> --env staging"]} />
					</Empty>
				) : (
					<RolloutTable rows={page.rollouts.slice(0, 8)} label={t("rollouts")} />
				)}
			</Section>
			{page.cloneUrl !== null && (
				<Section title={t("clone")}>
					<CommandLine commands={[`git clone ${page.cloneUrl}`]} />
				</Section>
			)}
		</>
	);
}

function Instances({ page }: { page: ServicePage }) {
	const t = useTranslations("service");
	return (
		<>
			{page.instances.length === 0 ? (
				<Empty title={t("noInstances")} />
			) : (
				<InstanceTable rows={page.instances} label={t("tabs.instances")} />
			)}
			<Volumes service={page.name} />
		</>
	);
}

function Pipelines({ page }: { page: ServicePage }) {
	const t = useTranslations("service");
	if (page.pipelines.length > 0) return <PipelineTable rows={page.pipelines} label={t("tabs.pipelines")} />;
	return (
		<Empty title={page.repository === null ? t("noRepository") : t("noPipelines")}>
			{page.cloneUrl !== null && <CommandLine commands={[`git clone ${page.cloneUrl}`]} />}
		</Empty>
	);
}
