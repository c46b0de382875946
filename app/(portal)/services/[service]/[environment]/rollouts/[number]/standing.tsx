"use client";

import { useTranslations } from "next-intl";
import { Notice } from "@/components/notice";
import { StatusShape } from "@/components/status";
import { TimeAgo } from "@/components/time-ago";
import { endedStates } from "@/domain/rollout/model";
import type { RolloutPage } from "@/server/views";
import { useSaid } from "../../../../../../i18n/said/use-said";
import { rolloutTones } from "../../../../../../status/tones";

/** The first thing read: why it is as it is, who holds it, what it waits for. */
export function Standing({ rollout }: { rollout: RolloutPage }) {
	const { reason, paused, state, waitsFor } = rollout;
	const t = useTranslations("rollout.standing");
	const said = useSaid();
	const isHelpNeeded = needsPerson(rollout);
	return (
		<div className="grid gap-2">
			{reason !== null && (
				<Notice
					role={state === "failed" || state === "waiting" ? "alert" : "status"}
					tone={rolloutTones[state]}
					title={said(reason)}
				>
					<DoneAboutIt rollout={rollout} />
				</Notice>
			)}
			{paused !== null && (
				<Notice role="status" tone="waiting" title={t("paused", { who: paused.by, reason: paused.reason })}>
					<TimeAgo at={paused.at} /> <span aria-hidden="true">{"·"}</span> {t("stays", { weight: rollout.weight })}
				</Notice>
			)}
			{paused === null && isHelpNeeded && waitsFor !== null && (
				<Notice role="status" tone="waiting" title={t("waitsFor", { what: said(waitsFor) })}>
					{state === "awaiting-approval" ? t("unmoved") : t("stays", { weight: rollout.weight })}
				</Notice>
			)}
			{paused === null && !isHelpNeeded && !endedStates.includes(state) && (
				<p className="flex min-h-5 items-start gap-2 text-soft" data-testid="waits-for">
					<StatusShape tone={rolloutTones[state]} className="mt-1" />
					<span className="min-w-0 break-words">
						{waitsFor !== null ? t("waitsFor", { what: said(waitsFor) }) : state === "queued" ? t("queued") : t("acts")}
					</span>
				</p>
			)}
		</div>
	);
}

/** It does not go on by itself: people are asked, or too little could be measured too often. */
function needsPerson({ state, plan, step, measurements }: RolloutPage): boolean {
	if (state === "awaiting-approval") return true;
	const now = plan.steps[step];
	if (state !== "running" || now === undefined) return false;
	if (now.kind === "pause") return now.durationMs === null;
	const unclear = measurements.filter((one) => one.step === step && (one.verdict === "inconclusive" || one.verdict === "error"));
	return now.kind === "analysis" && unclear.length > (plan.analysis?.inconclusiveLimit ?? 0);
}

/** From the weight published last: never a promise. */
function DoneAboutIt({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout.done");
	const { from, to, state, weight } = rollout;
	if (state === "rejected") return t("unmoved");
	if (from === to) return null;
	if (state === "rolling-back") return from === null ? t("withdrawing", { to }) : t("returning", { from });
	if ((state !== "rolled-back" && state !== "failed") || weight > 0) return null;
	return from === null ? t("withdrawn", { to }) : t("returned", { from });
}
