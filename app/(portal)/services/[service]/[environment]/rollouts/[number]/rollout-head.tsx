"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Elapsed } from "@/components/elapsed";
import { Notice } from "@/components/notice";
import { TimeAgo } from "@/components/time-ago";
import { Tooltip } from "@/components/tooltip";
import { endedStates } from "@/domain/rollout/model";
import type { RolloutPage } from "@/server/views";
import { PageHead } from "../../../../../../frame/page-head";
import { RolloutStatus } from "../../../../../../status/status-words";
import { rolloutTones } from "../../../../../../status/tones";
import { Abort } from "./abort";

export function RolloutHead({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout");
	return (
		<div>
			<PageHead
				title={t("title", { service: rollout.service, environment: rollout.environment, number: rollout.number })}
				status={<RolloutStatus state={rollout.state} />}
				facts={<Facts rollout={rollout} />}
				actions={<Actions rollout={rollout} />}
			/>
			{rollout.reason !== null && (
				<Notice
					role={rollout.state === "failed" || rollout.state === "waiting" ? "alert" : "status"}
					tone={rolloutTones[rollout.state]}
					title={rollout.reason}
				>
					{doneAboutIt(rollout, t)}
				</Notice>
			)}
		</div>
	);
}

/** Which facts: what it does now, by whom, how long. */
function Facts({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout");
	const running = rollout.steps.findIndex((step) => step.state === "running");
	const ended = endedStates.includes(rollout.state);
	return (
		<p className="flex flex-wrap gap-x-2">
			<span>
				{running === -1 || ended
					? t("strategy", { strategy: rollout.strategy })
					: t("strategyStep", { strategy: rollout.strategy, step: running + 1, steps: rollout.steps.length })}
			</span>
			<span aria-hidden="true">{"·"}</span>
			<span>{t("startedBy", { who: rollout.startedBy })}</span>
			<TimeAgo at={rollout.createdAt} />
			<span aria-hidden="true">{"·"}</span>
			<span>
				{ended ? t("took") : t("runningFor")} <Elapsed from={rollout.createdAt} to={rollout.endedAt} />
			</span>
		</p>
	);
}

function Actions({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout");
	const ended = endedStates.includes(rollout.state);
	const watch = `./sluice status ${rollout.service} --env ${rollout.environment} --watch`;
	return (
		<>
			<CopyButton text={watch} label={t("copyCli")} />
			{!ended && rollout.verbs.abort === null && <Abort rollout={rollout} />}
			{!ended && rollout.verbs.abort !== null && (
				<Tooltip text={rollout.verbs.abort}>
					<span>
						<Button look="danger" disabled>
							{t("abort.button")}
						</Button>
					</span>
				</Tooltip>
			)}
			{ended && (
				<Link
					href={`/services/${encodeURIComponent(rollout.service)}?tab=releases`}
					className="px-1 text-accent text-sm hover:underline"
				>
					{t("otherRelease")}
				</Link>
			)}
		</>
	);
}

/** What was done about it, from the weight published last: never a promise. */
function doneAboutIt(rollout: RolloutPage, t: ReturnType<typeof useTranslations<"rollout">>): string | undefined {
	const { from, to, state } = rollout;
	if (state === "rolling-back") return from === null ? t("done.withdrawing", { to }) : t("done.returning", { from });
	if (state !== "rolled-back" && state !== "failed") return undefined;
	if (rollout.weight > 0) return undefined;
	return from === null ? t("done.withdrawn", { to }) : t("done.returned", { from });
}
