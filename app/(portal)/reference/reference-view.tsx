"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { CopyButton } from "@/components/copy-button";
import { Notice } from "@/components/notice";
import { Section } from "@/components/section";
import { SkeletonRows } from "@/components/skeleton";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { FilterInput } from "../../frame/filter-input";
import { PageHead } from "../../frame/page-head";
import { messageOf } from "../../frame/problem";
import { Said } from "../../i18n/said/said";
import { useSaid } from "../../i18n/said/use-said";
import { type ApiDocument, operationsOf } from "./document";
import { OperationEntry } from "./operation-entry";

const address = "/api/v1/openapi.json";

async function readDocument(): Promise<ApiDocument> {
	const answer = await fetch(address);
	if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
	return answer.json();
}

/** Every operation of the REST API, read from its own document. */
export function ReferenceView() {
	const t = useTranslations("reference");
	const [words, setWords] = useState("");
	const document = useQuery({ queryKey: ["openapi"], queryFn: readDocument, staleTime: Number.POSITIVE_INFINITY });
	const { data } = document;
	const said = useSaid();
	const groups = data && operationsOf(data, words, said);
	const server = data?.servers[0]?.url ?? "";
	const documentUrl = `${server}/openapi.json`;
	useEffect(() => {
		// A problem's type leads to a row that was not there yet when the page was.
		if (data !== undefined && location.hash !== "") location.replace(location.hash);
	}, [data]);
	return (
		<div className="max-w-4xl">
			<PageHead
				title={t("title")}
				facts={t("intro")}
				actions={
					<>
						<FilterInput value={words} onValue={setWords} label={t("search")} />
						<CopyButton text={documentUrl} label={t("copyDocument")} />
					</>
				}
			/>
			{document.isError && (
				<Notice role="alert" tone="degraded" title={t("away")}>
					{messageOf(document.error)}
				</Notice>
			)}
			{groups === undefined && !document.isError && (
				<Table label={t("title")}>
					<tbody>
						<SkeletonRows rows={10} columns={3} />
					</tbody>
				</Table>
			)}
			{groups?.size === 0 && <p className="text-soft text-sm">{t("none", { words })}</p>}
			{[...(groups ?? [])].map(([noun, operations]) => (
				<Section key={noun} title={noun} className="mb-7">
					<ul className="divide-y divide-line border-line border-y">
						{operations.map((operation) => (
							<OperationEntry key={operation.operationId} operation={operation} server={server} />
						))}
					</ul>
				</Section>
			))}
			{data !== undefined && <Codes document={data} />}
		</div>
	);
}

/** What `type` of a problem points at. */
function Codes({ document }: { document: ApiDocument }) {
	const t = useTranslations("reference");
	const codes = Object.entries(document.components.schemas.Problem["x-sluice-codes"]);
	return (
		<Section title={t("codes")} id="codes">
			<p className="mb-3 text-soft text-sm">{t("codesIntro")}</p>
			<Table label={t("codes")}>
				<HeadRow>
					<Head>{t("code")}</Head>
					<Head className="text-right">{t("status")}</Head>
					<Head>{t("retry")}</Head>
					<Head>{t("check")}</Head>
				</HeadRow>
				<tbody>
					{codes.map(([code, { http, retryable, check }]) => (
						<Row key={code} id={code} className="scroll-mt-16 target:bg-mark/40">
							<Cell className="font-mono text-xs leading-5 whitespace-nowrap">{code}</Cell>
							<Cell className="text-right tabular">{http}</Cell>
							<Cell>{retryable ? t("yes") : t("no")}</Cell>
							<Cell className="text-soft">
								<Said text={check} />
							</Cell>
						</Row>
					))}
				</tbody>
			</Table>
		</Section>
	);
}
