"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { SkeletonRows } from "@/components/skeleton";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { Problem } from "../../frame/problem";
import { useTRPC } from "../../trpc/client";

/** What a Dockerfile may ask for where Docker Hub cannot be reached. */
export function BaseImages() {
	const t = useTranslations("platform.baseImages");
	const images = useQuery(useTRPC().baseImage.list.queryOptions());
	return (
		<section aria-labelledby="base-images" className="mt-10">
			<h2 id="base-images" className="font-semibold text-base">
				{t("title")}
			</h2>
			<p className="mt-1 mb-3 max-w-3xl text-soft text-sm">{t("intro")}</p>
			{images.isError ? (
				<Problem query={images} />
			) : (
				<Table label={t("title")}>
					<HeadRow>
						<Head>{t("argument")}</Head>
						<Head>{t("contents")}</Head>
						<Head>{t("image")}</Head>
					</HeadRow>
					<tbody>
						{images.data === undefined ? (
							<SkeletonRows rows={2} columns={3} />
						) : (
							images.data.map(({ name, argument, hub, parts, reference, digest }) => (
								<Row key={name}>
									<Cell className="whitespace-nowrap">
										<code className="font-mono text-xs">{`ARG ${argument}=${hub}`}</code>
									</Cell>
									<Cell>
										{parts.map((part) => (
											<span key={part.name} className="block whitespace-nowrap">
												{part.name} {part.version} <span className="text-faint text-xs">{part.source}</span>
											</span>
										))}
									</Cell>
									<Cell className="font-mono text-xs leading-5 break-all">
										{reference}
										<span className="block text-faint">{digest ?? t("notMade")}</span>
									</Cell>
								</Row>
							))
						)}
					</tbody>
				</Table>
			)}
		</section>
	);
}
