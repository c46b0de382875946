"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronRight, ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { Fragment, useCallback, useState } from "react";
import { cx } from "@/components/class-names";
import { Empty } from "@/components/empty";
import { SkeletonRows } from "@/components/skeleton";
import { Cell, Head, HeadRow, Row, Table } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import { whyNot } from "@/domain/policy/gate";
import type { AuditEntry } from "@/server/views";
import { FilterInput } from "../../frame/filter-input";
import { PageHead } from "../../frame/page-head";
import { Pager } from "../../frame/pager";
import { pageRows } from "../../frame/paging";
import { Problem } from "../../frame/problem";
import { useFilters } from "../../frame/use-filters";
import { Said } from "../../i18n/said/said";
import { useOverview } from "../../live/use-overview";
import { useTRPC } from "../../trpc/client";
import { VerbButton } from "../../verbs/verb-button";
import { ExportMenu } from "./export-menu";
import { useVerification, VerificationOutcome } from "./verification";

const filterNames = ["q", "action", "after"] as const;

/** Who did what to what, newest first. */
export function AuditView() {
	const t = useTranslations("audit");
	const [filters, setFilter] = useFilters(filterNames);
	const setSearch = useCallback((value: string) => setFilter("q", value), [setFilter]);
	const setAction = useCallback((value: string) => setFilter("action", value), [setFilter]);
	const input = {
		limit: pageRows,
		...(filters.after === "" ? {} : { before: filters.after }),
		...(filters.q === "" ? {} : { search: filters.q }),
		...(filters.action === "" ? {} : { action: filters.action }),
	};
	const trpc = useTRPC();
	const audit = useQuery(trpc.audit.list.queryOptions(input, { placeholderData: keepPreviousData }));
	useOverview();
	const verification = useVerification();
	const me = useQuery(trpc.session.me.queryOptions());
	const refusal = me.data ? whyNot(me.data, "audit.verify") : null;
	const rows = audit.data?.rows;
	const filtered = filters.q !== "" || filters.action !== "";
	return (
		<>
			<PageHead
				title={t("title")}
				facts={t("intro")}
				actions={
					<>
						<FilterInput value={filters.q} onValue={setSearch} label={t("search")} />
						<FilterInput value={filters.action} onValue={setAction} label={t("actionFilter")} />
						<ExportMenu search={filters.q} action={filters.action} />
						<VerbButton refusal={refusal} disabled={verification.isRunning} onClick={verification.start}>
							<ShieldCheck aria-hidden="true" className="size-4" />
							{t("verify")}
						</VerbButton>
					</>
				}
			/>
			<VerificationOutcome verification={verification} />
			{audit.isError && (
				<div className="mb-4">
					<Problem query={audit} />
				</div>
			)}
			{rows?.length === 0 && <Empty title={filtered ? t("nothingFound") : t("empty")} />}
			{(rows === undefined ? !audit.isError : rows.length > 0) && (
				<Table label={t("title")}>
					<HeadRow>
						<Head>{t("when")}</Head>
						<Head>{t("who")}</Head>
						<Head>{t("action")}</Head>
						<Head>{t("what")}</Head>
					</HeadRow>
					<tbody>
						{rows === undefined ? (
							<SkeletonRows rows={10} columns={4} />
						) : (
							rows.map((row) => <AuditLine key={row.id} entry={row} />)
						)}
					</tbody>
				</Table>
			)}
			<Pager next={audit.data?.next ?? null} />
		</>
	);
}

function AuditLine({ entry }: { entry: AuditEntry }) {
	const t = useTranslations("audit");
	const [open, setOpen] = useState(false);
	return (
		<Fragment>
			<Row>
				<Cell className="whitespace-nowrap text-soft">
					<TimeAgo at={entry.at} />
				</Cell>
				<Cell className="whitespace-nowrap">
					{entry.actor} <span className="text-faint text-xs">{t("actorKind", { word: entry.actorKind })}</span>
				</Cell>
				<Cell className="font-mono text-xs leading-5 whitespace-nowrap">{entry.action}</Cell>
				<Cell>
					<button
						type="button"
						aria-expanded={open}
						onClick={() => setOpen(!open)}
						className="flex items-start gap-1 text-left hover:text-accent"
					>
						<ChevronRight
							aria-hidden="true"
							className={cx("mt-0.5 size-3.5 shrink-0 text-faint transition-transform", open && "rotate-90")}
						/>
						<Said text={entry.summary} />
					</button>
				</Cell>
			</Row>
			{open && (
				<tr className="border-line border-b bg-raised">
					<td colSpan={4} className="px-3 py-2">
						<dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
							<dt className="text-faint">{t("subject")}</dt>
							<dd>
								{t("subjectKind", { word: entry.subjectKind })} <span className="font-mono text-xs">{entry.subject}</span>
							</dd>
							<dt className="text-faint">{t("entry")}</dt>
							<dd className="tabular">{entry.id}</dd>
							<dt className="text-faint">{t("data")}</dt>
							<dd>
								<pre className="overflow-x-auto font-mono text-xs whitespace-pre-wrap">{JSON.stringify(entry.data, null, 2)}</pre>
							</dd>
						</dl>
					</td>
				</tr>
			)}
		</Fragment>
	);
}
