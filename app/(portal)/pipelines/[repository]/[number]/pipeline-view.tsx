"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { LogView } from "@/components/log/log-view";
import { Skeleton } from "@/components/skeleton";
import { PageHead } from "../../../../frame/page-head";
import { Problem } from "../../../../frame/problem";
import { PipelineHead } from "./pipeline-head";
import { PipelineSteps } from "./pipeline-steps";
import { useStepLabel } from "./step-label";
import { isEnded, usePipeline } from "./use-pipeline";

export function PipelineView({ name }: { name: { repository: string; number: number } }) {
	const t = useTranslations("pipeline");
	const stepLabel = useStepLabel();
	const { query, lines, logProblem } = usePipeline(name);
	const [jump, setJump] = useState<{ group: string; at: number } | null>(null);
	const page = query.data;
	if (page === undefined) {
		return (
			<>
				<PageHead title={t("title", name)} facts={query.isError ? undefined : <Skeleton className="w-72" />} />
				{query.isError ? <Problem query={query} /> : <Skeleton className="h-96" />}
			</>
		);
	}
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] gap-4">
			<PipelineHead pipeline={page} />
			{query.isError && <Problem query={query} />}
			{logProblem !== null && <Problem query={logProblem} />}
			<div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[16rem_minmax(0,1fr)]">
				<PipelineSteps pipeline={page} onShow={(group) => setJump({ group, at: Date.now() })} />
				<LogView
					lines={lines}
					live={!isEnded(page.state)}
					label={t("log")}
					fileName={`${page.repository}-${page.number}.log`}
					empty={isEnded(page.state) ? t("noLog") : t("noLogYet")}
					groupLabel={stepLabel}
					jump={jump}
					className="h-[max(24rem,calc(100dvh-17rem))]"
				/>
			</div>
		</div>
	);
}
