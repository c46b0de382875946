"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Elapsed } from "@/components/elapsed";
import { StatusShape } from "@/components/status";
import type { ScaffoldPage } from "@/server/views";
import { addressOf } from "../../../frame/addresses";
import { Said } from "../../../i18n/said/said";
import { scaffoldStepTones } from "../../../status/tones";

type Step = ScaffoldPage["steps"][number];

export function CreationSteps({ page }: { page: ScaffoldPage }) {
	const t = useTranslations("create.run");
	return (
		<ol aria-label={t("steps")} className="divide-y divide-line rounded-md border border-line">
			{page.steps.map((step) => (
				<li key={step.name} className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-2 px-3 py-2">
					<StatusShape tone={scaffoldStepTones[step.state]} className="translate-y-px" />
					<span>
						<span className="font-medium">{t(`step.${step.name}`)}</span>{" "}
						<span className="text-faint text-xs">{t(`stepState.${step.state}`)}</span>
					</span>
					{step.startedAt !== null && step.state !== "pending" && (
						<Elapsed from={step.startedAt} to={endOf(step)} className="text-faint text-xs" />
					)}
					{step.message !== null && (
						<span
							className={
								step.state === "failed"
									? "col-start-2 text-failed text-xs break-words"
									: "col-start-2 text-soft text-xs break-words"
							}
						>
							<Said text={step.message} />
						</span>
					)}
					<StepLink page={page} step={step} />
				</li>
			))}
		</ol>
	);
}

/** To where a step's own story is told. */
function StepLink({ page, step }: { page: ScaffoldPage; step: Step }) {
	const t = useTranslations("create.run");
	const { pipeline } = page;
	if (pipeline === null || step.state === "pending") return null;
	const look = "col-start-2 text-accent text-xs hover:underline";
	if (step.name === "pipeline") {
		return (
			<Link href={addressOf.pipeline(pipeline)} className={look}>
				{t("openPipeline", { number: pipeline.number })}
			</Link>
		);
	}
	if (step.name !== "rollout" || pipeline.rollout === null) return null;
	return (
		<Link href={addressOf.rollout(pipeline.rollout)} className={look}>
			{t("openRollout", { number: pipeline.rollout.number })}
		</Link>
	);
}

/** Only a running step ticks. */
function endOf(step: Step): Date | null {
	return step.endedAt ?? (step.state === "running" ? null : step.startedAt);
}
