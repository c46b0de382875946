"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { CopyButton } from "@/components/copy-button";
import { Notice } from "@/components/notice";
import { Section } from "@/components/section";
import { TimeAgo } from "@/components/time-ago";
import type { ReleaseComparison, ReleaseRow, RolloutRow } from "@/server/views";
import { CommitList } from "../../../../../changes/commit-list";
import { Part } from "../../../../../changes/part";
import { SettingsTable } from "../../../../../changes/settings-table";
import { RolloutTable } from "../../../../../tables/rollout-table";
import { Differences } from "../../configuration/differences";
import { Packages } from "./packages";

/** What differs, from what it is made of to what it did. */
export function Compared({ found }: { found: ReleaseComparison }) {
	const t = useTranslations("compare");
	const { from, to, manifest, config, build, rollouts } = found;
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] gap-7">
			<div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:grid-cols-2">
				<Side release={from} />
				<Side release={to} />
			</div>
			{from.digest === to.digest && <Notice tone="unknown" title={t("sameImage")} />}
			<Section title={t("commits")}>
				<Commits found={found} />
			</Section>
			<Section title={t("manifest")}>
				{manifest.length === 0 ? <None text={t("sameManifest")} /> : <SettingsTable label={t("manifest")} settings={manifest} />}
			</Section>
			<Section title={t("configuration")}>
				{config.length === 0 ? (
					<None text={t("noConfiguration")} />
				) : (
					<div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:grid-cols-2">
						{config.map((one) => (
							<Part
								key={one.environment}
								title={t("configurationOf", { environment: one.environment, from: one.from ?? 0, to: one.to ?? 0 })}
							>
								<Differences differences={one.changes} />
							</Part>
						))}
					</div>
				)}
			</Section>
			<Section title={t("inImage")}>{build === null ? <None text={t("buildUnknown")} /> : <Packages build={build} />}</Section>
			<Section title={t("rollouts")}>
				<div className="grid grid-cols-[minmax(0,1fr)] gap-5">
					<Rollouts number={from.number} rows={rollouts.from} />
					<Rollouts number={to.number} rows={rollouts.to} />
				</div>
			</Section>
		</div>
	);
}

function None({ text }: { text: ReactNode }) {
	return <p className="text-soft text-sm">{text}</p>;
}

function Side({ release }: { release: ReleaseRow }) {
	const t = useTranslations("compare");
	const image = `${release.repository}@${release.digest}`;
	return (
		<section aria-label={t("release", { number: release.number })} className="min-w-0 rounded-md border border-line px-3 py-2.5">
			<h2 className="font-semibold">{t("release", { number: release.number })}</h2>
			{release.commitMessage !== null && <p className="text-sm break-words">{release.commitMessage}</p>}
			<p className="text-faint text-xs">
				{t("madeBy", { who: release.createdBy })} <TimeAgo at={release.createdAt} />
			</p>
			<p className="mt-1 flex flex-wrap items-center gap-x-2 font-mono text-xs">
				{release.commit !== null && <span title={release.commit}>{release.commit.slice(0, 8)}</span>}
				<span className="break-all">{release.digest.slice(0, 19)}</span>
				<CopyButton bare text={image} label={t("copyImage", { number: release.number })} />
			</p>
		</section>
	);
}

function Commits({ found }: { found: ReleaseComparison }) {
	const t = useTranslations("compare");
	const { added, removed, from, to } = found;
	if (added === null || removed === null) return <None text={t("commitsUnknown")} />;
	const sides = [
		{ side: added, title: t("onlyIn", { number: to.number, count: added.commits.length }) },
		{ side: removed, title: t("onlyIn", { number: from.number, count: removed.commits.length }) },
	].filter(({ side }) => side.commits.length > 0);
	if (sides.length === 0) return <None text={t("sameCommit")} />;
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] gap-4">
			{sides.map(({ side, title }) => (
				<Part key={title} title={title}>
					<CommitList commits={side.commits} />
					{side.isCut && <p className="mt-1 text-faint text-xs">{t("cut")}</p>}
				</Part>
			))}
		</div>
	);
}

function Rollouts({ number, rows }: { number: number; rows: readonly RolloutRow[] }) {
	const t = useTranslations("compare");
	return (
		<Part title={t("rolloutsOf", { number })}>
			{rows.length === 0 ? <None text={t("noRollouts")} /> : <RolloutTable rows={rows} label={t("rolloutsOf", { number })} />}
		</Part>
	);
}
