"use client";

import { ArrowRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/copy-button";
import { Section } from "@/components/section";
import { isOfDelivery } from "@/domain/rollout/changes";
import type { ReleaseRow, RolloutPage } from "@/server/views";
import { CommitList } from "../../../../../../changes/commit-list";
import { Part } from "../../../../../../changes/part";
import { SettingsTable } from "../../../../../../changes/settings-table";
import { PlanWords } from "./plan-words";
import { RoutePreviews } from "./route-previews";

/** What differs between what serves and what would: commits, configuration, image, and how it would get there. */
export function Changes({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout.changes");
	return (
		<Section title={t("title")}>
			<div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-5 xl:grid-cols-2">
				<div className="grid grid-cols-[minmax(0,1fr)] content-start gap-y-5">
					<Part title={t("image")}>
						<Image from={rollout.fromRelease} to={rollout.toRelease} />
					</Part>
					<Part title={t("commits")}>
						<Commits rollout={rollout} />
					</Part>
					<Part title={t("configuration")}>
						<Configuration rollout={rollout} />
					</Part>
				</div>
				<div className="grid grid-cols-[minmax(0,1fr)] content-start gap-y-5">
					<Part title={t("plan")}>
						<PlanWords plan={rollout.plan} />
					</Part>
					{rollout.routes.length > 0 && (
						<Part title={t("routes")}>
							<RoutePreviews rollout={rollout} />
						</Part>
					)}
				</div>
			</div>
		</Section>
	);
}

function Image({ from, to }: { from: ReleaseRow | null; to: ReleaseRow }) {
	const t = useTranslations("rollout.changes");
	if (from?.digest === to.digest) return <Digest release={to} note={t("sameImage")} />;
	return (
		<div className="flex flex-wrap items-center gap-x-3 gap-y-1">
			{from === null ? <span className="text-soft text-sm">{t("nothing")}</span> : <Digest release={from} />}
			<ArrowRight aria-hidden="true" className="size-3.5 text-faint" />
			<Digest release={to} />
		</div>
	);
}

function Digest({ release, note }: { release: ReleaseRow; note?: string }) {
	const t = useTranslations("rollout.changes");
	const image = `${release.repository}@${release.digest}`;
	return (
		<span className="inline-flex items-center gap-1 text-sm">
			<code className="font-mono text-xs" title={image}>
				{release.digest.slice(0, 19)}
			</code>
			<CopyButton bare text={image} label={t("copyImage", { number: release.number })} />
			{note !== undefined && <span className="text-soft">{note}</span>}
		</span>
	);
}

function Commits({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout.changes");
	const { commits } = rollout.changes;
	if (commits === null) return <p className="text-soft text-sm">{t("commitsUnknown")}</p>;
	if (commits.length === 0) return <p className="text-soft text-sm">{t("noCommits")}</p>;
	return <CommitList commits={commits} />;
}

function Configuration({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout.changes");
	const { config } = rollout.changes;
	if (rollout.fromRelease === null) return <p className="text-soft text-sm">{t("firstHere")}</p>;
	const settings = config.filter(({ path }) => !isOfDelivery(path));
	const delivery = config.filter(({ path }) => isOfDelivery(path));
	return (
		<>
			{settings.length === 0 ? (
				<p className="text-soft text-sm">{t("noConfiguration")}</p>
			) : (
				<SettingsTable label={t("configuration")} settings={settings} />
			)}
			{delivery.length > 0 && (
				<details className="mt-1">
					<summary className="cursor-pointer text-soft text-sm">{t("delivery", { count: delivery.length })}</summary>
					<SettingsTable label={t("delivery", { count: delivery.length })} settings={delivery} />
				</details>
			)}
		</>
	);
}
