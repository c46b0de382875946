"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Notice } from "@/components/notice";
import { Skeleton } from "@/components/skeleton";
import { Status } from "@/components/status";
import { TimeAgo } from "@/components/time-ago";
import { hasEnded } from "@/domain/scaffold/model";
import type { ScaffoldPage } from "@/server/views";
import { PageHead } from "../../../frame/page-head";
import { Problem } from "../../../frame/problem";
import { useSaid } from "../../../i18n/said/use-said";
import { useLive } from "../../../live/use-live";
import { scaffoldTones } from "../../../status/tones";
import { useTRPC } from "../../../trpc/client";
import { Steps } from "../steps";
import { CancelCreation } from "./cancel-creation";
import { CreationSteps } from "./creation-steps";
import { NextSteps } from "./next-steps";

/** Fourth screen: what happens, as it happens; then what to do with it. */
export function CreationView({ name }: { name: string }) {
	const t = useTranslations("create.run");
	const said = useSaid();
	const client = useQueryClient();
	const options = useTRPC().scaffold.get.queryOptions({ name });
	const query = useQuery(options);
	const page = query.data;
	useLive(page === undefined ? null : `/api/live/scaffold/${encodeURIComponent(name)}`, {
		onChange: (data) => client.setQueryData(options.queryKey, data as ScaffoldPage),
		onGap: () => void query.refetch(),
	});
	if (page === undefined) {
		return (
			<>
				<PageHead title={t("title", { name })} />
				{query.isError ? <Problem query={query} /> : <Skeleton className="h-80 max-w-2xl" />}
			</>
		);
	}
	const isCancelling = page.cancelRequestedBy !== null && !hasEnded(page.state);
	return (
		<div className="max-w-3xl">
			<PageHead
				title={t("title", { name })}
				status={
					<Status
						tone={isCancelling ? "degraded" : scaffoldTones[page.state]}
						label={isCancelling ? t("cancelling") : t(`state.${page.state}`)}
					/>
				}
				facts={
					<>
						{t("by", { who: page.requestedBy, template: page.template })} <TimeAgo at={page.createdAt} />
					</>
				}
				actions={!hasEnded(page.state) && <CancelCreation page={page} />}
			/>
			<Steps current="run" />
			{query.isError && <Problem query={query} />}
			{page.reason !== null && (
				<Notice
					role={page.state === "cancelled" ? "status" : "alert"}
					tone={scaffoldTones[page.state]}
					title={said(page.reason)}
					className="mb-4"
				/>
			)}
			<CreationSteps page={page} />
			{page.state === "done" && <NextSteps page={page} />}
		</div>
	);
}
