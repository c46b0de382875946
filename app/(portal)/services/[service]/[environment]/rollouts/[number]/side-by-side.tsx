"use client";

import { useTranslations } from "next-intl";
import { cx } from "@/components/class-names";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import type { InstanceRow, RolloutPage } from "@/server/views";
import { Said } from "../../../../../../i18n/said/said";
import { PhaseStatus } from "../../../../../../status/status-words";
import { HealthyOn } from "../../../../../../tables/instance-table";

/** Stable on the left, the candidate on the right: the same columns, so they compare. One list where the release stays. */
export function SideBySide({ rollout }: { rollout: RolloutPage }) {
	const { from, to } = rollout;
	if (from === to) return <Side kind="only" number={to} instances={rollout.instances} />;
	const stable = rollout.instances.filter((instance) => instance.release === from);
	const candidate = rollout.instances.filter((instance) => instance.release === to);
	const others = rollout.instances.filter((instance) => !stable.includes(instance) && !candidate.includes(instance));
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-7 xl:grid-cols-2">
			<Side kind="stable" number={from} instances={stable} />
			<Side kind="candidate" number={to} instances={[...candidate, ...others]} />
		</div>
	);
}

function Side({
	kind,
	number,
	instances,
}: {
	kind: "stable" | "candidate" | "only";
	number: number | null;
	instances: readonly InstanceRow[];
}) {
	const t = useTranslations("rollout.instances");
	const title = number === null ? t("noStable") : t(kind, { number });
	const serving = instances.filter((instance) => instance.phase === "serving").length;
	return (
		<section className="min-w-0">
			<h2 className="flex flex-wrap items-baseline gap-x-2 font-semibold">
				<span className={cx("border-b-2 pb-0.5", kind === "candidate" ? "border-accent" : "border-stable")}>{title}</span>
				<span className="font-normal text-faint text-xs tabular">{t("serving", { serving, count: instances.length })}</span>
			</h2>
			{instances.length === 0 ? (
				<p className="mt-2 text-soft text-sm">{number === null ? t("firstHere") : t("none")}</p>
			) : (
				<Table label={title} className="mt-1">
					<HeadRow>
						<Head>{t("instance")}</Head>
						<Head>{t("host")}</Head>
						<Head>{t("phase")}</Head>
						<Head className="text-right">{t("healthyOn")}</Head>
						<Head className="text-right">{t("inFlight")}</Head>
						<Head className="text-right">{t("restarts")}</Head>
					</HeadRow>
					<tbody>
						{instances.map((instance) => (
							<Row key={instance.id}>
								<Cell className="font-mono text-xs leading-5 whitespace-nowrap" title={instance.address}>
									{instance.id}
								</Cell>
								<Cell>{instance.host}</Cell>
								<Cell className="max-w-72">
									<PhaseStatus phase={instance.phase} />
									{instance.message !== null && (
										<p className="mt-0.5 text-failed text-xs break-words">
											<Said text={instance.message} />
										</p>
									)}
								</Cell>
								<Cell className="text-right whitespace-nowrap">
									<HealthyOn instance={instance} />
								</Cell>
								<Cell className="text-right">{instance.active}</Cell>
								<Cell className="text-right">{instance.restarts}</Cell>
							</Row>
						))}
					</tbody>
				</Table>
			)}
		</section>
	);
}
