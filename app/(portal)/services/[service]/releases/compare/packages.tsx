"use client";

import { useTranslations } from "next-intl";
import { Notice } from "@/components/notice";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import type { ReleaseComparison } from "@/server/views";
import { Part } from "../../../../../changes/part";
import { useSaid } from "../../../../../i18n/said/use-said";

type Build = NonNullable<ReleaseComparison["build"]>;

/** The bases that both were built on, and the packages of which one image has others. */
export function Packages({ build }: { build: Build }) {
	const t = useTranslations("compare");
	const said = useSaid();
	const { bases, packages, problems } = build;
	const isSame = bases.from.join() === bases.to.join();
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] gap-4">
			{problems.map((problem) => (
				<Notice key={problem} tone="degraded" title={said(problem)} />
			))}
			<Part title={t("bases")}>
				{isSame ? (
					<p className="text-soft text-sm">{bases.from.length === 0 ? t("noBases") : t("sameBases")}</p>
				) : (
					<ul className="font-mono text-xs leading-5 break-all">
						{bases.from.map((base) => (
							<li key={`- ${base}`} className="text-failed">
								<span className="sr-only">{t("before")} </span>
								<span aria-hidden="true">{"− "}</span>
								{base}
							</li>
						))}
						{bases.to.map((base) => (
							<li key={`+ ${base}`} className="text-healthy">
								<span className="sr-only">{t("after")} </span>
								<span aria-hidden="true">{"+ "}</span>
								{base}
							</li>
						))}
					</ul>
				)}
			</Part>
			<Part title={t("packages", { count: packages.length })}>
				{packages.length === 0 ? (
					<p className="text-soft text-sm">{t("samePackages")}</p>
				) : (
					<Table label={t("packages", { count: packages.length })} className="max-h-96 overflow-y-auto">
						<HeadRow>
							<Head>{t("package")}</Head>
							<Head>{t("before")}</Head>
							<Head>{t("after")}</Head>
						</HeadRow>
						<tbody>
							{packages.map(({ kind, name, from, to }) => (
								<Row key={`${kind} ${name}`}>
									<Cell className="break-words">
										<span className="font-mono text-xs">{name}</span> <span className="text-faint text-xs">{kind}</span>
									</Cell>
									<Versions versions={from} />
									<Versions versions={to} />
								</Row>
							))}
						</tbody>
					</Table>
				)}
			</Part>
		</div>
	);
}

function Versions({ versions }: { versions: readonly string[] }) {
	const t = useTranslations("compare");
	if (versions.length === 0) return <Cell className="whitespace-nowrap text-faint">{t("notThere")}</Cell>;
	return <Cell className="font-mono text-xs leading-5">{versions.join(" ")}</Cell>;
}
