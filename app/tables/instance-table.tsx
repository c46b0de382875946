"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Status } from "@/components/status";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import type { InstanceRow } from "@/server/views";
import { addressOf } from "../frame/addresses";
import { Said } from "../i18n/said/said";
import { PhaseStatus } from "../status/status-words";

interface InstanceTableProps {
	rows: readonly InstanceRow[];
	label: string;
	/** Columns that the page already says. */
	hide?: readonly ("host" | "environment" | "release")[];
}

export function InstanceTable({ rows, label, hide = [] }: InstanceTableProps) {
	const t = useTranslations("instanceTable");
	const shows = (column: "host" | "environment" | "release") => !hide.includes(column);
	return (
		<Table label={label}>
			<HeadRow>
				<Head>{t("instance")}</Head>
				{shows("host") && <Head>{t("host")}</Head>}
				{shows("environment") && <Head>{t("environment")}</Head>}
				{shows("release") && <Head className="text-right">{t("release")}</Head>}
				<Head>{t("phase")}</Head>
				<Head className="text-right">{t("healthyOn")}</Head>
				<Head className="text-right">{t("inFlight")}</Head>
				<Head className="text-right">{t("restarts")}</Head>
				<Head>{t("since")}</Head>
			</HeadRow>
			<tbody>
				{rows.map((row) => (
					<Row key={row.id}>
						<Cell className="whitespace-nowrap">
							<span className="font-mono text-xs" title={row.address}>
								{row.id}
							</span>
						</Cell>
						{shows("host") && (
							<Cell>
								<Link href={addressOf.host(row.host)} className="hover:text-accent hover:underline">
									{row.host}
								</Link>
							</Cell>
						)}
						{shows("environment") && <Cell>{row.environment}</Cell>}
						{shows("release") && <Cell className="text-right">{row.release}</Cell>}
						<Cell className="max-w-80">
							<PhaseStatus phase={row.phase} />
							{row.message !== null && (
								<p className="mt-0.5 text-failed text-xs break-words">
									<Said text={row.message} />
								</p>
							)}
						</Cell>
						<Cell className="text-right whitespace-nowrap">
							<HealthyOn instance={row} />
						</Cell>
						<Cell className="text-right">{row.active}</Cell>
						<Cell className="text-right">{row.restarts}</Cell>
						<Cell className="whitespace-nowrap text-soft">
							<TimeAgo at={row.createdAt} />
						</Cell>
					</Row>
				))}
			</tbody>
		</Table>
	);
}

/** How many proxies' own health checks say yes, of all. */
export function HealthyOn({ instance }: { instance: Pick<InstanceRow, "healthyOn" | "proxies"> }) {
	const t = useTranslations("instanceTable");
	const text = t("of", { count: instance.healthyOn, total: instance.proxies });
	if (instance.proxies > 0 && instance.healthyOn === instance.proxies) return text;
	return <Status tone={instance.healthyOn === 0 ? "unknown" : "degraded"} label={text} />;
}
