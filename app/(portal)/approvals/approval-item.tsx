"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useList } from "@/components/list";
import { Remaining } from "@/components/remaining";
import { Status } from "@/components/status";
import { TimeAgo } from "@/components/time-ago";
import { isOfDelivery } from "@/domain/rollout/changes";
import type { ApprovalRow } from "@/server/views";
import { addressOf } from "../../frame/addresses";
import { useSaid } from "../../i18n/said/use-said";
import { useServerWords } from "../../status/server-words";
import { useRolloutChange } from "../../tables/rollout-change";
import { RolloutVerbDialog } from "../../verbs/rollout-verb-dialog";
import { VerbButton } from "../../verbs/verb-button";

/** One waiting rollout: who asks for what, and the two answers, or why they are not yours to give. */
export function ApprovalItem({ row }: { row: ApprovalRow }) {
	const t = useTranslations("approvals");
	const change = useRolloutChange();
	const words = useServerWords();
	const list = useList();
	const said = useSaid();
	const [verb, setVerb] = useState<"approve" | "reject" | null>(null);
	const { service, environment, number, approvedBy, needed, role, refusal, rejectRefusal } = row;
	return (
		<article className="grid gap-3 rounded-md border border-line p-4" aria-label={t("name", { service, environment, number })}>
			<div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
				<div className="min-w-0">
					<h2 className="font-semibold text-lg">
						<Link href={addressOf.rollout(row)} className="hover:text-accent hover:underline">
							{t("name", { service, environment, number })}
						</Link>
					</h2>
					<p className="text-soft text-sm">
						{change(row)} <span aria-hidden="true">{"·"}</span> {t("askedBy", { who: row.startedBy })}{" "}
						<TimeAgo at={row.createdAt} />
					</p>
				</div>
				<div className="flex flex-wrap gap-2">
					<VerbButton look="primary" refusal={refusal} onClick={() => setVerb("approve")}>
						{t("approve")}
					</VerbButton>
					<VerbButton refusal={rejectRefusal} onClick={() => setVerb("reject")}>
						{t("reject")}
					</VerbButton>
				</div>
			</div>
			{row.strategy === "recreate" && row.from !== null && <p className="text-sm text-waiting">{t("downtime")}</p>}
			<Changes changes={row.changes} />
			<p className="flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm">
				<Status tone="waiting" label={t("given", { given: approvedBy.length, needed, role: words.personRole(role) })} />
				{approvedBy.length > 0 && <span className="text-soft">{t("approvedBy", { names: list(approvedBy) })}</span>}
				<span className="text-soft">
					{t("expires")} <Remaining until={row.expiresAt} />
				</span>
			</p>
			{refusal !== null && <p className="text-soft text-sm">{t("refusal", { sentence: said(refusal) })}</p>}
			{verb !== null && <RolloutVerbDialog rollout={row} verb={verb} onClose={() => setVerb(null)} />}
		</article>
	);
}

const shownCommits = 3;

/** In short; all of it is on the rollout's own page. */
function Changes({ changes }: { changes: ApprovalRow["changes"] }) {
	const t = useTranslations("approvals");
	const { commits, config } = changes;
	const settings = config.filter(({ path }) => !isOfDelivery(path)).map(({ path }) => path);
	return (
		<div className="grid gap-0.5 text-sm">
			<p>{commits === null ? t("commitsUnknown") : t("commits", { count: commits.length })}</p>
			{commits !== null && commits.length > 0 && (
				<ul className="pl-4 text-soft">
					{commits.slice(0, shownCommits).map(({ commit, message }) => (
						<li key={commit} className="truncate" title={message}>
							{message}
						</li>
					))}
				</ul>
			)}
			<p>
				{t("configuration", { count: settings.length })}{" "}
				{settings.length > 0 && (
					<span className="font-mono text-soft text-xs break-words">{settings.slice(0, 6).join(", ")}</span>
				)}
			</p>
			{settings.length < config.length && <p>{t("delivery")}</p>}
		</div>
	);
}
