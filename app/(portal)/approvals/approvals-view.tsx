"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Empty } from "@/components/empty";
import { Skeleton } from "@/components/skeleton";
import { addressOf } from "../../frame/addresses";
import { PageHead } from "../../frame/page-head";
import { Pager } from "../../frame/pager";
import { nextByTime, pageRows } from "../../frame/paging";
import { Problem } from "../../frame/problem";
import { useFilters } from "../../frame/use-filters";
import { useOverview } from "../../live/use-overview";
import { useTRPC } from "../../trpc/client";
import { ApprovalItem } from "./approval-item";

const filterNames = ["after"] as const;

/** Every rollout that waits for people, also those that this person may not decide: it says who must. */
export function ApprovalsView() {
	const t = useTranslations("approvals");
	const [{ after }] = useFilters(filterNames);
	const input = { limit: pageRows, ...(after === "" ? {} : { after }) };
	const inbox = useQuery(useTRPC().rollout.inbox.queryOptions(input, { placeholderData: keepPreviousData }));
	useOverview();
	const mine = inbox.data?.filter(({ refusal }) => refusal === null) ?? [];
	const others = inbox.data?.filter(({ refusal }) => refusal !== null) ?? [];
	return (
		<>
			<PageHead title={t("title")} facts={t("intro")} />
			{inbox.isError && (
				<div className="mb-4">
					<Problem query={inbox} />
				</div>
			)}
			{inbox.data === undefined ? (
				!inbox.isError && <Loading />
			) : inbox.data.length === 0 ? (
				<Empty title={t("empty")}>
					<p className="text-faint text-sm">{t("emptyHint")}</p>
				</Empty>
			) : (
				<ul className="grid grid-cols-[minmax(0,1fr)] gap-3" aria-label={t("title")}>
					{[...mine, ...others].map((row) => (
						<li key={addressOf.rollout(row)}>
							<ApprovalItem row={row} />
						</li>
					))}
				</ul>
			)}
			<Pager next={nextByTime(inbox.data, ({ service, environment }) => [service, environment])} />
		</>
	);
}

function Loading() {
	return (
		<div className="grid gap-3">
			<Skeleton className="h-36" />
			<Skeleton className="h-36" />
		</div>
	);
}
