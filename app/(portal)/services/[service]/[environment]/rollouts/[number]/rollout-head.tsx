"use client";

import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/copy-button";
import { Elapsed } from "@/components/elapsed";
import { TimeAgo } from "@/components/time-ago";
import { endedStates } from "@/domain/rollout/model";
import type { RolloutPage } from "@/server/views";
import { PageHead } from "../../../../../../frame/page-head";
import { RolloutStatus } from "../../../../../../status/status-words";
import { useRolloutChange } from "../../../../../../tables/rollout-change";
import { followCommand } from "../../../../../../verbs/command";
import { RolloutVerbs } from "./rollout-verbs";
import { Standing } from "./standing";

export function RolloutHead({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout");
	return (
		<div>
			<PageHead
				title={t("title", { service: rollout.service, environment: rollout.environment, number: rollout.number })}
				status={<RolloutStatus state={rollout.state} paused={rollout.paused !== null} />}
				facts={<Facts rollout={rollout} />}
				actions={
					<>
						{rollout.endedAt === null && <CopyButton text={followCommand(rollout)} label={t("copyCli")} />}
						<RolloutVerbs rollout={rollout} />
					</>
				}
			/>
			<Standing rollout={rollout} />
		</div>
	);
}

/** Which facts: what it does now, by whom, how long. */
function Facts({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout");
	const change = useRolloutChange();
	const running = rollout.steps.findIndex((step) => step.state === "running");
	const ended = endedStates.includes(rollout.state);
	const { strategy } = rollout;
	return (
		<p className="flex flex-wrap gap-x-2">
			<span>{change(rollout)}</span>
			<span aria-hidden="true">{"·"}</span>
			<span>
				{running === -1 || ended
					? t("strategy", { strategy })
					: t("strategyStep", { strategy, step: running + 1, steps: rollout.steps.length })}
			</span>
			<span aria-hidden="true">{"·"}</span>
			<span>
				{t("startedBy", { who: rollout.startedBy })} <TimeAgo at={rollout.createdAt} />
			</span>
			<span aria-hidden="true">{"·"}</span>
			<span>
				{ended ? t("took") : t("runningFor")} <Elapsed from={rollout.createdAt} to={rollout.endedAt} />
			</span>
		</p>
	);
}
