"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { CopyButton } from "@/components/copy-button";
import { Remaining } from "@/components/remaining";
import { Section } from "@/components/section";
import { Status, StatusShape, type Tone } from "@/components/status";
import { TimeAgo } from "@/components/time-ago";
import { Tooltip } from "@/components/tooltip";
import type { RolloutPage } from "@/server/views";
import { useSaid } from "../../../../../../i18n/said/use-said";
import { useServerWords } from "../../../../../../status/server-words";
import { VerbButton } from "../../../../../../verbs/verb-button";
import { EditSteps } from "./edit-steps";

/** Who is asked, what they said, and on which plan: a word on a plan that was edited since is void. */
export function Approval({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout.approval");
	const words = useServerWords();
	const said = useSaid();
	const [isEditing, setEditing] = useState(false);
	const { plan, decisions, intentHash, state, verbs } = rollout;
	if (plan.approval === null) return null;
	const isOpen = state === "awaiting-approval";
	const given = decisions.filter((one) => one.verdict === "approved" && one.intentHash === intentHash).length;
	return (
		<Section title={t("title")}>
			<div className="grid gap-3 rounded-md border border-line p-4">
				<div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
					<p className="flex flex-wrap items-baseline gap-x-3">
						<Status
							tone={toneOf(rollout, given)}
							label={t("given", { given, needed: plan.approval.count })}
							className="font-medium"
						/>
						<span className="text-soft">{t("role", { role: words.personRole(plan.approval.role) })}</span>
						{isOpen && rollout.expiresAt !== null && (
							<span className="text-soft">
								{t("expires")} <Remaining until={rollout.expiresAt} />
							</span>
						)}
					</p>
					{isOpen && (
						<VerbButton refusal={verbs.edit} onClick={() => setEditing(true)}>
							{t("edit")}
						</VerbButton>
					)}
				</div>
				<Decisions rollout={rollout} />
				{isOpen && verbs.approve !== null && (
					<p className="text-soft text-sm">{t("refusal", { sentence: said(verbs.approve) })}</p>
				)}
				<p className="flex items-center gap-1 text-faint text-xs">
					<Tooltip text={t("intentHint")}>
						<span>{t("intent")}</span>
					</Tooltip>
					<code className="font-mono" title={intentHash}>
						{intentHash.slice(0, 12)}
					</code>
					<CopyButton bare text={intentHash} label={t("copyIntent")} />
				</p>
			</div>
			{isEditing && <EditSteps rollout={rollout} onClose={() => setEditing(false)} />}
		</Section>
	);
}

function toneOf({ state, plan }: RolloutPage, given: number): Tone {
	if (state === "awaiting-approval") return "waiting";
	return given >= (plan.approval?.count ?? 0) ? "healthy" : "stopped";
}

function Decisions({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout.approval");
	const { decisions, intentHash } = rollout;
	if (decisions.length === 0) return <p className="text-soft text-sm">{t("nobody")}</p>;
	return (
		<ul className="grid gap-1.5">
			{decisions.map((one) => {
				const isVoid = one.intentHash !== intentHash;
				const tone = isVoid ? "stopped" : one.verdict === "approved" ? "healthy" : "failed";
				return (
					<li key={`${one.userId} ${one.at.toISOString()}`} className="flex items-start gap-2 text-sm">
						<StatusShape tone={tone} className="mt-1" />
						<span className="min-w-0 break-words">
							<span className={isVoid ? "text-faint line-through" : undefined}>
								{t(one.verdict, { who: one.userName })}
								{one.reason !== "" && t("because", { reason: one.reason })}
							</span>{" "}
							<TimeAgo at={one.at} className="text-faint" />
							{isVoid && <span className="block text-soft text-xs">{t("void", { hash: one.intentHash.slice(0, 12) })}</span>}
						</span>
					</li>
				);
			})}
		</ul>
	);
}
