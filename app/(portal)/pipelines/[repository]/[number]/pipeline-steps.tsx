"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Elapsed } from "@/components/elapsed";
import { StatusShape } from "@/components/status";
import type { PipelinePage } from "@/server/views";
import { addressOf } from "../../../../frame/addresses";
import { Said } from "../../../../i18n/said/said";
import { pipelineStepTones } from "../../../../status/tones";
import { useStepLabel } from "./step-label";

type Step = PipelinePage["steps"][number];

/** Each step with its state and how long it took; a press shows where its log begins. */
export function PipelineSteps({ pipeline, onShow }: { pipeline: PipelinePage; onShow(step: string): void }) {
	const t = useTranslations("pipeline");
	return (
		<ol aria-label={t("steps")} className="divide-y divide-line rounded-md border border-line">
			{pipeline.steps.map((step) => (
				<li key={step.name}>
					<StepLine step={step} tests={pipeline.tests} onShow={() => onShow(step.name)} />
					{step.name === "rollout" && pipeline.rollout !== null && (
						<Link href={addressOf.rollout(pipeline.rollout)} className="block px-3 pb-2 pl-8 text-accent text-xs hover:underline">
							{t("openRollout")}
						</Link>
					)}
				</li>
			))}
		</ol>
	);
}

function StepLine({ step, tests, onShow }: { step: Step; tests: PipelinePage["tests"]; onShow(): void }) {
	const t = useTranslations("pipeline");
	const label = useStepLabel();
	const untested = step.name === "test" && tests === "none";
	return (
		<button
			type="button"
			onClick={onShow}
			className="grid w-full grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-2 px-3 py-2 text-left hover:bg-raised"
		>
			<StatusShape tone={untested ? "unknown" : pipelineStepTones[step.state]} className="translate-y-px" />
			<span>
				<span className="font-medium">{label(step.name)}</span>{" "}
				<span className="text-faint text-xs">{untested ? t("noTests") : t(`stepState.${step.state}`)}</span>
			</span>
			{step.startedAt !== null && <Elapsed from={step.startedAt} to={endOf(step)} className="text-faint text-xs" />}
			{step.message !== null && (
				<span
					className={
						step.state === "failed"
							? "col-start-2 col-end-4 text-failed text-xs break-words"
							: "col-start-2 col-end-4 text-soft text-xs break-words"
					}
				>
					<Said text={step.message} />
				</span>
			)}
		</button>
	);
}

/** Only a running step ticks, whatever its row says. */
function endOf(step: Step): Date | null {
	return step.endedAt ?? (step.state === "running" ? null : step.startedAt);
}
