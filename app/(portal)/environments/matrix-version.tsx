"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { TimeAgo } from "@/components/time-ago";
import { countedInstances } from "@/domain/version-state";
import type { MatrixCell, ReleaseRow } from "@/server/views";
import { addressOf } from "../../frame/addresses";
import { Said } from "../../i18n/said/said";
import { FrozenStatus } from "../../status/frozen";
import { RolloutUnderWay } from "../../status/rollout-under-way";
import { VersionStatus } from "../../status/status-words";
import { VerbButton } from "../../verbs/verb-button";
import { DeployDialog } from "../services/[service]/deploy-dialog";

interface MatrixVersionProps {
	service: string;
	cell: MatrixCell;
	/** What is stable in the environment before. */
	before: ReleaseRow | null;
}

/** One service in one environment. */
export function MatrixVersion({ service, cell, before }: MatrixVersionProps) {
	const t = useTranslations("environments");
	const { stable, rollout, frozen, problem } = cell;
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] gap-1">
			<p className="flex flex-wrap items-center gap-x-3">
				<VersionStatus state={cell.state} />
				{stable !== null && cell.state !== "stopped" && (
					<span className="text-faint text-xs tabular">
						{t("healthy", { healthy: cell.healthy, declared: countedInstances(cell) })}
					</span>
				)}
				{frozen !== null && <FrozenStatus frozen={frozen} />}
			</p>
			{stable !== null && (
				<p className="flex flex-wrap items-baseline gap-x-2">
					<Link href={addressOf.releasesOf(service)} className="font-medium tabular hover:text-accent hover:underline">
						{t("release", { number: stable.number })}
					</Link>
					<code className="font-mono text-faint text-xs" title={stable.commitMessage ?? stable.digest}>
						{stable.commit === null ? stable.digest.slice(7, 19) : stable.commit.slice(0, 8)}
					</code>
					{cell.since !== null && <TimeAgo at={cell.since} className="text-faint text-xs" />}
				</p>
			)}
			{rollout !== null && <RolloutUnderWay rollout={rollout} isSmall />}
			{problem !== null && (
				<p className="max-w-xs text-soft text-xs">
					<Said text={problem} />
				</p>
			)}
			<Ahead service={service} cell={cell} before={before} />
		</div>
	);
}

/** What the environment before has and this one has not, and the way to bring exactly that. */
function Ahead({ service, cell, before }: MatrixVersionProps) {
	const t = useTranslations("environments");
	const [isAsking, setAsking] = useState(false);
	const { drift, stable, frozen } = cell;
	if (drift === null || before === null) return null;
	const said = { environment: drift.environment, release: drift.release, releases: drift.releases ?? 0 };
	// A freeze alone is no refusal here: the dialog says it, and lets an administrator over it.
	const refusal = frozen === null ? cell.refusal : null;
	return (
		<div className="grid gap-1 text-xs" data-drift={drift.relation}>
			<p className="text-degraded">
				{t(`drift.${drift.relation}`, said)}
				{drift.commits !== null && drift.commits > 0 && (
					<> {drift.isCut ? t("commitsAtLeast", { count: drift.commits }) : t("commits", { count: drift.commits })}</>
				)}
			</p>
			<div className="flex flex-wrap items-center gap-2">
				{drift.relation !== "behind" && (
					<VerbButton size="small" refusal={refusal} onClick={() => setAsking(true)}>
						{t("promote", { release: drift.release })}
					</VerbButton>
				)}
				{stable !== null && (
					<Link
						href={addressOf.comparison(service, stable.number, drift.release)}
						className="text-soft hover:text-accent hover:underline"
					>
						{t("compare")}
					</Link>
				)}
			</div>
			{isAsking && <DeployDialog service={service} release={before} version={cell} onClose={() => setAsking(false)} />}
		</div>
	);
}
