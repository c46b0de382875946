"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Empty } from "@/components/empty";
import { Section } from "@/components/section";
import { PageHead } from "../../frame/page-head";
import { Problem } from "../../frame/problem";
import { useOverview } from "../../live/use-overview";
import { PipelineTable } from "../../tables/pipeline-table";
import { RolloutTable } from "../../tables/rollout-table";
import { useTRPC } from "../../trpc/client";
import { FirstSteps } from "../create/first-steps";
import { isRunning, whatNeedsMe } from "./attention";
import { AttentionList } from "./attention-list";
import { Verdict } from "./verdict";

/** A process that dies sends no notice, nor does a host that fell silent while the relay was away. */
const unannouncedMs = 10_000;

/** More than anybody reads; the catalog lists them all. */
const mostTroubled = 50;

/** Is it all right, and what needs me? */
export function HomeView() {
	const t = useTranslations("home");
	const trpc = useTRPC();
	const services = useQuery(trpc.service.list.queryOptions({ troubled: true, limit: mostTroubled }));
	const count = useQuery(trpc.service.count.queryOptions({}));
	const rollouts = useQuery(trpc.rollout.list.queryOptions({ limit: 30 }));
	const pipelines = useQuery(trpc.pipeline.list.queryOptions({ limit: 30 }));
	const hosts = useQuery(trpc.host.list.queryOptions(undefined, { refetchInterval: unannouncedMs }));
	const components = useQuery(trpc.platform.status.queryOptions(undefined, { refetchInterval: unannouncedMs }));
	const approvals = useQuery(trpc.rollout.inbox.queryOptions({}));
	useOverview();

	const broken = [services, count, rollouts, pipelines, hosts, approvals].find((query) => query.isError);
	const everything = {
		services: services.data ?? [],
		serviceCount: count.data?.all ?? 0,
		rollouts: rollouts.data ?? [],
		pipelines: pipelines.data ?? [],
		hosts: hosts.data ?? [],
		components: components.data ?? [],
		approvals: approvals.data ?? [],
	};
	const known = [services, count, rollouts, pipelines, hosts, approvals].every((query) => query.data !== undefined);
	const attention = known ? whatNeedsMe(everything) : null;
	const running = rollouts.data?.filter(isRunning) ?? [];
	const isNew = known && everything.serviceCount === 0 && everything.pipelines.length === 0;

	return (
		<div className="grid grid-cols-[minmax(0,1fr)] gap-8">
			<div>
				<PageHead title={t("title")} />
				{broken === undefined ? (
					<Verdict everything={everything} attention={attention} running={running.length} />
				) : (
					<Problem query={broken} />
				)}
			</div>
			{attention !== null && attention.length > 0 && (
				<Section title={t("needsYou")}>
					<AttentionList items={attention} />
				</Section>
			)}
			{isNew && (
				<Section title={t("start")}>
					<FirstSteps />
				</Section>
			)}
			{running.length > 0 && (
				<Section title={t("running")}>
					<RolloutTable rows={running} label={t("running")} />
				</Section>
			)}
			{!isNew && (
				<>
					<Section title={t("rollouts")} aside={<More href="/rollouts" label={t("allRollouts")} />}>
						{rollouts.data?.length === 0 ? (
							<Empty title={t("noRollouts")} />
						) : (
							<RolloutTable rows={rollouts.data?.filter((row) => !isRunning(row)).slice(0, 6)} label={t("rollouts")} />
						)}
					</Section>
					<Section title={t("pipelines")} aside={<More href="/pipelines" label={t("allPipelines")} />}>
						{pipelines.data?.length === 0 ? (
							<Empty title={t("noPipelines")} />
						) : (
							<PipelineTable rows={pipelines.data?.slice(0, 6)} label={t("pipelines")} />
						)}
					</Section>
				</>
			)}
		</div>
	);
}

function More({ href, label }: { href: string; label: string }) {
	return (
		<Link href={href} className="text-accent hover:underline">
			{label}
		</Link>
	);
}
