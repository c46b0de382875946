"use client";

import { ExternalLink } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { CommandLine } from "@/components/command-line";
import { Notice } from "@/components/notice";
import { TimeAgo } from "@/components/time-ago";
import { countedInstances } from "@/domain/version-state";
import type { RolloutRow, RunningVersion, ServicePage } from "@/server/views";
import { addressOf } from "../../../frame/addresses";
import { useSaid } from "../../../i18n/said/use-said";
import { FrozenNotice } from "../../../status/frozen";
import { RolloutUnderWay } from "../../../status/rollout-under-way";
import { VersionStatus } from "../../../status/status-words";
import { versionTones } from "../../../status/tones";
import { ServiceVerbs } from "./service-verbs";

/** What runs where, since when, by whom. */
export function VersionChips({ page }: { page: ServicePage }) {
	const t = useTranslations("version");
	return (
		<ul
			aria-label={t("label", { service: page.name })}
			className="grid grid-cols-[repeat(auto-fill,minmax(min(17rem,100%),1fr))] gap-3"
		>
			{page.environments.map((version) => (
				<li
					key={version.environment}
					className="grid grid-cols-[minmax(0,1fr)] content-start gap-2 rounded-md border border-line px-3 py-2.5"
				>
					<VersionChip service={page.name} version={version} arrival={arrivalOf(version, page.rollouts)} />
				</li>
			))}
		</ul>
	);
}

/** The rollout that brought what runs now; null when it is older than what the page knows. */
function arrivalOf(version: RunningVersion, rollouts: readonly RolloutRow[]): RolloutRow | null {
	const here = rollouts.filter((rollout) => rollout.environment === version.environment && rollout.state === "promoted");
	return here.find((rollout) => rollout.to === version.stable?.number && rollout.from !== rollout.to) ?? null;
}

interface VersionChipProps {
	service: string;
	version: RunningVersion;
	arrival: RolloutRow | null;
}

function VersionChip({ service, version, arrival }: VersionChipProps) {
	const t = useTranslations("version");
	const { stable } = version;
	const isStopped = version.state === "stopped";
	return (
		<>
			<div className="flex items-center justify-between gap-3">
				<h2 className="font-semibold">{version.environment}</h2>
				<VersionStatus state={version.state} />
			</div>
			{stable === null ? (
				<p className="text-soft text-sm">{t("never")}</p>
			) : (
				<div className="text-sm">
					<p className="flex flex-wrap items-baseline gap-x-2">
						<span className="font-medium tabular">{t("release", { number: stable.number })}</span>
						{stable.commit !== null && <span className="font-mono text-faint text-xs">{stable.commit.slice(0, 8)}</span>}
						<span className="text-soft tabular">
							{isStopped ? t("stopped") : t("healthy", { healthy: version.healthy, declared: countedInstances(version) })}
						</span>
					</p>
					{stable.commitMessage !== null && (
						<p className="truncate text-soft" title={stable.commitMessage}>
							{stable.commitMessage}
						</p>
					)}
					<p className="text-faint text-xs">
						{arrival === null ? (
							<>
								{t("madeBy", { who: stable.createdBy })} <TimeAgo at={stable.createdAt} />
							</>
						) : (
							<Link href={addressOf.rollout(arrival)} className="hover:text-accent hover:underline">
								{t("broughtBy", { who: arrival.startedBy })} <TimeAgo at={arrival.endedAt ?? arrival.createdAt} />
							</Link>
						)}
					</p>
				</div>
			)}
			{version.frozen !== null && <FrozenNotice frozen={version.frozen} />}
			{version.rollout !== null && <RolloutUnderWay rollout={version.rollout} />}
			{version.url !== null && stable !== null && !isStopped && (
				<a
					href={version.url}
					target="_blank"
					rel="noreferrer"
					className="inline-flex min-w-0 items-center gap-1 text-accent text-xs hover:underline"
				>
					<span className="truncate">{version.url.replace(/^https?:\/\//, "")}</span>
					<ExternalLink aria-hidden="true" className="size-3 shrink-0" />
				</a>
			)}
			{version.url === null && version.curl !== null && stable !== null && !isStopped && (
				<CommandLine commands={[version.curl]} />
			)}
			{stable !== null && <ServiceVerbs service={service} version={version} />}
		</>
	);
}

/** What needs attention here, one sentence an environment. */
export function Problems({ versions }: { versions: readonly RunningVersion[] }) {
	const t = useTranslations("version");
	const said = useSaid();
	const troubled = versions.filter((version) => version.problem !== null);
	if (troubled.length === 0) return null;
	return (
		<div className="grid gap-2">
			{troubled.map((version) => {
				const tone = versionTones[version.state];
				return (
					<Notice
						key={version.environment}
						tone={tone === "failed" ? "failed" : "degraded"}
						title={t("problem", { environment: version.environment, problem: said(version.problem ?? "") })}
						actions={
							version.rollout !== null && (
								<Link href={addressOf.rollout(version.rollout)} className="text-accent text-sm hover:underline">
									{t("openRollout", { number: version.rollout.number })}
								</Link>
							)
						}
					/>
				);
			})}
		</div>
	);
}
