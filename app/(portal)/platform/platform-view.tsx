"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { SkeletonRows } from "@/components/skeleton";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import { PageHead } from "../../frame/page-head";
import { Problem } from "../../frame/problem";
import { Said } from "../../i18n/said/said";
import { ComponentStatus } from "../../status/status-words";
import { useTRPC } from "../../trpc/client";
import { BaseImages } from "./base-images";

/** The parts that Sluice itself is made of, as its supervisor sees them. */
export function PlatformView() {
	const t = useTranslations("platform");
	const components = useQuery(useTRPC().platform.status.queryOptions(undefined, { refetchInterval: 5_000 }));
	return (
		<>
			<PageHead title={t("title")} facts={t("intro")} />
			{components.isError && (
				<div className="mb-4">
					<Problem query={components} />
				</div>
			)}
			{(components.data !== undefined || !components.isError) && (
				<Table label={t("title")}>
					<HeadRow>
						<Head>{t("component")}</Head>
						<Head>{t("state")}</Head>
						<Head className="text-right">{t("restarts")}</Head>
						<Head>{t("since")}</Head>
						<Head>{t("logs")}</Head>
					</HeadRow>
					<tbody>
						{components.data === undefined ? (
							<SkeletonRows rows={8} columns={5} />
						) : (
							components.data.map((component) => (
								<Row key={component.name}>
									<Cell className="font-medium whitespace-nowrap">{component.name}</Cell>
									<Cell className="max-w-96">
										<ComponentStatus state={component.state} />
										{component.detail !== null && (
											<p className="mt-0.5 text-soft text-xs break-words">
												<Said text={component.detail} />
											</p>
										)}
									</Cell>
									<Cell className="text-right">{component.restarts}</Cell>
									<Cell className="whitespace-nowrap text-soft">
										{component.since === null ? t("never") : <TimeAgo at={component.since} />}
									</Cell>
									<Cell className="font-mono text-faint text-xs leading-5 whitespace-nowrap">{`./sluice logs ${component.name}`}</Cell>
								</Row>
							))
						)}
					</tbody>
				</Table>
			)}
			<BaseImages />
		</>
	);
}
