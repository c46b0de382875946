"use client";

import { useTranslations } from "next-intl";
import { cx } from "@/components/class-names";
import { StatusShape } from "@/components/status";
import type { RolloutPage } from "@/server/views";
import { rolloutStepTones } from "../../../../../../status/tones";

/** The steps in order; which one it is at. */
export function Steps({ steps, ended }: { steps: RolloutPage["steps"]; ended: boolean }) {
	const t = useTranslations("rollout.steps");
	if (steps.length === 0 && ended) return null;
	if (steps.length === 0) return <p className="border-line border-y py-3 text-soft">{t("none")}</p>;
	return (
		<ol aria-label={t("label")} className="flex flex-wrap gap-x-1 gap-y-1 border-line border-y py-1.5">
			{steps.map((step, index) => (
				<li
					// biome-ignore lint/suspicious/noArrayIndexKey: steps have a fixed order, and names may repeat
					key={index}
					aria-current={step.state === "running" ? "step" : undefined}
					className={cx(
						"min-w-0 rounded px-2.5 py-1.5",
						step.state === "running" && "bg-progressing-wash",
						step.state === "failed" && "bg-failed-wash",
					)}
				>
					<p className="flex items-center gap-1.5">
						<StatusShape tone={rolloutStepTones[step.state]} />
						<span className={step.state === "pending" ? "text-soft" : "font-medium"}>{step.name}</span>
						<span className="text-faint text-xs">{t(step.state)}</span>
					</p>
					{step.detail !== "" && <p className="max-w-64 pl-[18px] text-soft text-xs break-words">{step.detail}</p>}
				</li>
			))}
		</ol>
	);
}
