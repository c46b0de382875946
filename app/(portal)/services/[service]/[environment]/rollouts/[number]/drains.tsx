"use client";

import { useTranslations } from "next-intl";
import { useDuration } from "@/components/elapsed";
import { Section } from "@/components/section";
import { Sparkline } from "@/components/sparkline";
import type { RolloutPage } from "@/server/views";

/** Each old instance on its way out: what was in flight, until nothing was. */
export function Drains({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout.drains");
	return (
		<Section title={t("title")}>
			{rollout.drains.length === 0 ? (
				<p className="text-soft text-sm">{t("none")}</p>
			) : (
				<ul className="divide-y divide-line">
					{rollout.drains.map((drain) => (
						<DrainLine
							key={drain.instance}
							drain={drain}
							host={rollout.instances.find((instance) => instance.id === drain.instance)?.host}
						/>
					))}
				</ul>
			)}
		</Section>
	);
}

function DrainLine({ drain, host }: { drain: RolloutPage["drains"][number]; host: string | undefined }) {
	const t = useTranslations("rollout.drains");
	const length = useDuration();
	const most = Math.max(0, ...drain.samples.map((sample) => sample.active));
	const last = drain.samples.at(-1)?.active ?? 0;
	const took = drain.endedAt === null ? null : length(drain.endedAt.getTime() - drain.startedAt.getTime());
	const said =
		drain.samples.length === 0 ? t("noSamples") : took === null ? t("falling", { most, last }) : t("fell", { most, last, took });
	return (
		<li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
			<div className="min-w-0">
				<p className="font-mono text-xs leading-5 break-all">
					{host === undefined ? drain.instance : `${host}/${drain.instance}`}
				</p>
				<p className="text-soft text-sm tabular">{said}</p>
			</div>
			<Sparkline points={drain.samples.map((sample) => ({ x: sample.atMs, y: sample.active }))} label={said} width={140} />
		</li>
	);
}
