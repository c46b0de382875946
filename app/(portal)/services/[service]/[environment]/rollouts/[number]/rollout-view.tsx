"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Skeleton } from "@/components/skeleton";
import type { RolloutPage } from "@/server/views";
import { addressOf } from "../../../../../../frame/addresses";
import { PageHead } from "../../../../../../frame/page-head";
import { Problem } from "../../../../../../frame/problem";
import { useLive } from "../../../../../../live/use-live";
import { useTRPC } from "../../../../../../trpc/client";
import { Acknowledgements } from "./acknowledgements";
import { Analysis } from "./analysis";
import { Approval } from "./approval";
import { Changes } from "./changes";
import { Drains } from "./drains";
import { Events } from "./events";
import { RolloutHead } from "./rollout-head";
import { SideBySide } from "./side-by-side";
import { Steps } from "./steps";
import { Weights } from "./weights";

type RolloutName = {
	readonly service: string;
	readonly environment: string;
	readonly number: number;
};

export function RolloutView({ name }: { name: RolloutName }) {
	const t = useTranslations("rollout");
	const client = useQueryClient();
	const options = useTRPC().rollout.get.queryOptions(name);
	const query = useQuery(options);
	const path = `/api/live/rollout/${encodeURIComponent(name.service)}/${encodeURIComponent(name.environment)}/${name.number}`;
	// What does not exist has no news: a stream of it would be refused for ever, and the page call itself stale.
	useLive(query.isError && query.data === undefined ? null : path, {
		onChange: (data) => client.setQueryData(options.queryKey, data as RolloutPage),
		onGap: () => void query.refetch(),
	});
	if (query.data === undefined) {
		return (
			<>
				<PageHead title={t("title", name)} facts={query.isError ? undefined : <Skeleton className="w-72" />} />
				{query.isError ? <Problem query={query} /> : <Loading />}
			</>
		);
	}
	return <Loaded rollout={query.data} failed={query.isError ? <Problem query={query} /> : null} />;
}

function Loaded({ rollout, failed }: { rollout: RolloutPage; failed: React.ReactNode }) {
	// While people are asked, what they are asked about comes first.
	const isUndecided = rollout.state === "awaiting-approval";
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] gap-7" key={addressOf.rollout(rollout)}>
			<div className="grid grid-cols-[minmax(0,1fr)] gap-4">
				<RolloutHead rollout={rollout} />
				{failed}
				<Weights rollout={rollout} />
				<Steps rollout={rollout} />
			</div>
			<Approval rollout={rollout} />
			{isUndecided && <Changes rollout={rollout} />}
			<Analysis rollout={rollout} />
			<SideBySide rollout={rollout} />
			<div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-7 xl:grid-cols-2">
				<Drains rollout={rollout} />
				<Acknowledgements rollout={rollout} />
			</div>
			{!isUndecided && <Changes rollout={rollout} />}
			<Events rollout={rollout} />
		</div>
	);
}

function Loading() {
	return (
		<div className="grid gap-4">
			<Skeleton className="h-10" />
			<Skeleton className="h-16" />
			<div className="grid gap-6 md:grid-cols-2">
				<Skeleton className="h-32" />
				<Skeleton className="h-32" />
			</div>
		</div>
	);
}
