"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeftRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { Empty } from "@/components/empty";
import { Skeleton } from "@/components/skeleton";
import { addressOf } from "../../../../../frame/addresses";
import { FilterSelect } from "../../../../../frame/filter-select";
import { PageHead } from "../../../../../frame/page-head";
import { Problem } from "../../../../../frame/problem";
import { useFilters } from "../../../../../frame/use-filters";
import { useOverview } from "../../../../../live/use-overview";
import { useTRPC } from "../../../../../trpc/client";
import { CopyCommand } from "../../../../../verbs/copy-command";
import { Compared } from "./compared";

/** Two releases side by side; which ones is in the address. */
export function CompareView({ service }: { service: string }) {
	const t = useTranslations("compare");
	const trpc = useTRPC();
	const [chosen, setChosen, setBoth] = useSides();
	const releases = useQuery(trpc.release.list.queryOptions({ service }));
	const { from, to } = chosen;
	const isAsked = from !== null && to !== null;
	const found = useQuery(
		trpc.release.compare.queryOptions({ service, from: from ?? 1, to: to ?? 1 }, { enabled: isAsked, retry: false }),
	);
	useOverview();
	const options = (releases.data ?? []).map(({ number, commitMessage }) => ({
		value: String(number),
		label: commitMessage === null ? t("release", { number }) : t("releaseOf", { number, message: commitMessage.slice(0, 60) }),
	}));
	return (
		<>
			<PageHead
				title={t("title", { service })}
				facts={
					<Link href={addressOf.releasesOf(service)} className="text-accent hover:underline">
						{t("all", { service })}
					</Link>
				}
				actions={
					<>
						<FilterSelect
							label={t("from")}
							all={t("choose")}
							value={from === null ? "" : String(from)}
							onValue={(value) => setChosen("from", value)}
							options={options}
						/>
						<Button size="icon" aria-label={t("swap")} title={t("swap")} disabled={!isAsked} onClick={() => setBoth(to, from)}>
							<ArrowLeftRight aria-hidden="true" className="size-4" />
						</Button>
						<FilterSelect
							label={t("to")}
							all={t("choose")}
							value={to === null ? "" : String(to)}
							onValue={(value) => setChosen("to", value)}
							options={options}
						/>
						{isAsked && <CopyCommand command={`./sluice release compare ${service} ${from} ${to}`} />}
					</>
				}
			/>
			{releases.isError && <Problem query={releases} />}
			{!isAsked && !releases.isError && <Empty title={t("empty")} />}
			{isAsked && found.isError && <Problem query={found} />}
			{isAsked && found.data === undefined && !found.isError && (
				<div className="grid gap-4 md:grid-cols-2">
					<Skeleton className="h-32" />
					<Skeleton className="h-32" />
				</div>
			)}
			{isAsked && found.data !== undefined && <Compared found={found.data} />}
		</>
	);
}

type Side = "from" | "to";

/** null = not chosen, or no number. */
function useSides(): [
	Record<Side, number | null>,
	(side: Side, value: string) => void,
	(from: number | null, to: number | null) => void,
] {
	const [values, set, setAll] = useFilters(["from", "to"] as const);
	const number = (text: string) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null);
	const both = (from: number | null, to: number | null) => setAll({ from: String(from ?? ""), to: String(to ?? "") });
	return [{ from: number(values.from), to: number(values.to) }, set, both];
}
