"use client";

import { useTranslations } from "next-intl";
import { cx } from "@/components/class-names";
import { ShareBar } from "@/components/share-bar";
import type { ReleaseRow, RolloutPage } from "@/server/views";

/** Who gets how much of the traffic, as published last. */
export function Weights({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout.weights");
	if (rollout.from === rollout.to) {
		return (
			<section aria-label={t("title")} className="grid gap-1">
				<Side kind="stable" release={rollout.toRelease} weight={null} />
				<p className="text-soft text-sm">{rollout.kind === "stop" ? t("stops") : t("same")}</p>
			</section>
		);
	}
	const stable = 100 - rollout.weight;
	const said = t("label", { stable, candidate: rollout.weight });
	return (
		<section aria-label={t("title")} className="grid gap-2">
			<div className="grid gap-x-8 gap-y-2 sm:grid-cols-2">
				<Side kind="stable" release={rollout.fromRelease} weight={rollout.fromRelease === null ? null : stable} />
				<Side kind="candidate" release={rollout.toRelease} weight={rollout.weight} />
			</div>
			<ShareBar share={rollout.weight} label={said} />
		</section>
	);
}

function Side({ kind, release, weight }: { kind: "stable" | "candidate"; release: ReleaseRow | null; weight: number | null }) {
	const t = useTranslations("rollout.weights");
	return (
		<div className="min-w-0">
			<p className={cx("flex flex-wrap items-center gap-x-2", kind === "candidate" && "sm:justify-end")}>
				<span
					aria-hidden="true"
					className={kind === "stable" ? "size-2.5 rounded-full bg-stable" : "size-2.5 rounded-full bg-accent-solid"}
				/>
				<span className="font-semibold">{release === null ? t("nothing") : t("release", { number: release.number })}</span>
				{release !== null && <span className={kind === "stable" ? "text-stable" : "text-accent"}>{t(kind)}</span>}
				{weight !== null && <span className="font-semibold text-lg tabular">{t("percent", { weight })}</span>}
			</p>
			{release !== null && (
				<p className={cx("flex gap-x-2 text-faint text-xs", kind === "candidate" && "sm:justify-end")}>
					{release.commitMessage !== null && <span className="truncate">{release.commitMessage}</span>}
					<span className="shrink-0 font-mono">{release.digest.slice(0, 15)}</span>
				</p>
			)}
		</div>
	);
}
