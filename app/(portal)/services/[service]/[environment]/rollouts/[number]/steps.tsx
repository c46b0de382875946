"use client";

import { useTranslations } from "next-intl";
import { cx } from "@/components/class-names";
import { Remaining } from "@/components/remaining";
import { StatusShape, type Tone } from "@/components/status";
import { endedStates } from "@/domain/rollout/model";
import type { RolloutPage } from "@/server/views";
import { Said } from "../../../../../../i18n/said/said";
import { useServerWords } from "../../../../../../status/server-words";
import { rolloutStepTones } from "../../../../../../status/tones";

type Step = RolloutPage["steps"][number];

/** The steps in order, with their weights; which one it is at, and how long a timed pause still takes. */
export function Steps({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout.steps");
	const words = useServerWords();
	const { steps, state } = rollout;
	if (steps.length === 0 && endedStates.includes(state)) return null;
	if (steps.length === 0) return <p className="border-line border-y py-3 text-soft">{t("none")}</p>;
	const pauseEnds = pauseEndOf(rollout);
	return (
		<ol aria-label={t("label")} className="flex flex-wrap gap-x-1 gap-y-1 border-line border-y py-1.5">
			{steps.map((step, index) => (
				<li
					// biome-ignore lint/suspicious/noArrayIndexKey: steps have a fixed order, and names may repeat
					key={index}
					aria-current={step.state === "running" ? "step" : undefined}
					className={cx(
						"min-w-0 rounded px-2.5 py-1.5",
						step.state === "running" && (rollout.paused === null ? "bg-progressing-wash" : "bg-accent-wash"),
						step.state === "failed" && "bg-failed-wash",
					)}
				>
					<p className="flex items-center gap-1.5">
						<StatusShape tone={toneOf(step, rollout)} />
						<span className={step.state === "pending" ? "text-soft" : "font-medium"}>{words.step(step.name)}</span>
						<span className="text-faint text-xs">
							{step.state === "running" && rollout.paused !== null ? t("held") : t(step.state)}
						</span>
					</p>
					{(step.detail !== "" || index === pauseEnds?.index) && (
						<p className="max-w-64 pl-[18px] text-soft text-xs break-words">
							<Said text={step.detail} />
							{index === pauseEnds?.index && (
								<>
									{" "}
									<span aria-hidden="true">{"·"}</span> <Remaining until={pauseEnds.at} className="font-medium text-ink" />
								</>
							)}
						</p>
					)}
				</li>
			))}
		</ol>
	);
}

function toneOf(step: Step, { paused }: RolloutPage): Tone {
	return step.state === "running" && paused !== null ? "waiting" : rolloutStepTones[step.state];
}

/** The plan's own steps stand before "100 %", "drain" and "stop". null = no timed pause runs. */
function pauseEndOf({ steps, plan, step, stepAt, state, paused }: RolloutPage): { index: number; at: Date } | null {
	const now = plan.steps[step];
	if (state !== "running" || paused !== null || stepAt === null || now?.kind !== "pause" || now.durationMs === null) return null;
	const index = steps.length - 3 - plan.steps.length + step;
	return steps[index]?.state === "running" ? { index, at: new Date(stepAt.getTime() + now.durationMs) } : null;
}
