"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Button, buttonStyle } from "@/components/button";
import { Elapsed } from "@/components/elapsed";
import { Notice } from "@/components/notice";
import { TimeAgo } from "@/components/time-ago";
import { Tooltip } from "@/components/tooltip";
import { importPath, isMissingManifest } from "@/domain/import/missing-manifest";
import type { PipelinePage } from "@/server/views";
import { addressOf } from "../../../../frame/addresses";
import { PageHead } from "../../../../frame/page-head";
import { Refusal } from "../../../../frame/problem";
import { useSaid } from "../../../../i18n/said/use-said";
import { PipelineStatus, TestsStatus } from "../../../../status/status-words";
import { pipelineTones } from "../../../../status/tones";
import { useTRPC } from "../../../../trpc/client";
import { cancelPipelineCommand } from "../../../../verbs/command";
import { CopyCommand } from "../../../../verbs/copy-command";
import { isEnded } from "./use-pipeline";

export function PipelineHead({ pipeline }: { pipeline: PipelinePage }) {
	const t = useTranslations("pipeline");
	const said = useSaid();
	return (
		<div>
			<PageHead
				title={t("title", { repository: pipeline.repository, number: pipeline.number })}
				status={<PipelineStatus state={pipeline.state} />}
				facts={<Facts pipeline={pipeline} />}
				actions={!isEnded(pipeline.state) && <Cancel pipeline={pipeline} />}
			/>
			{pipeline.reason !== null && (
				<Notice
					role={pipeline.state === "failed" ? "alert" : "status"}
					tone={pipelineTones[pipeline.state]}
					title={said(pipeline.reason)}
					actions={
						isMissingManifest(pipeline.reason) && (
							<Link href={importPath(pipeline.repository)} className={buttonStyle({ look: "primary" })}>
								{t("propose")}
							</Link>
						)
					}
				/>
			)}
		</div>
	);
}

function Facts({ pipeline }: { pipeline: PipelinePage }) {
	const t = useTranslations("pipeline");
	return (
		<div className="grid gap-1">
			<p className="text-ink">
				{pipeline.commitMessage}{" "}
				<span className="text-faint">
					<span className="font-mono text-xs">{pipeline.commit.slice(0, 8)}</span>{" "}
					{t("on", { branch: pipeline.branch, author: pipeline.author })}
				</span>
			</p>
			<p className="flex flex-wrap items-center gap-x-2">
				<span>
					{t("pushedBy", { who: pipeline.pushedBy })} <TimeAgo at={pipeline.createdAt} />
				</span>
				<span aria-hidden="true">{"·"}</span>
				<span>
					{isEnded(pipeline.state) ? t("took") : t("runningFor")} <Elapsed from={pipeline.createdAt} to={pipeline.endedAt} />
				</span>
				<span aria-hidden="true">{"·"}</span>
				<span className="inline-flex gap-1.5">
					{t("tests")} <TestsStatus tests={pipeline.tests} />
				</span>
				{pipeline.release !== null && (
					<>
						<span aria-hidden="true">{"·"}</span>
						<span>{t("release", { number: pipeline.release })}</span>
					</>
				)}
				{pipeline.rollout !== null && (
					<Link href={addressOf.rollout(pipeline.rollout)} className="text-accent hover:underline">
						{t("rollout", pipeline.rollout)}
					</Link>
				)}
			</p>
		</div>
	);
}

/** A real cancel: it stops the work. When it is not allowed, the button says why. */
function Cancel({ pipeline }: { pipeline: PipelinePage }) {
	const t = useTranslations("pipeline");
	const said = useSaid();
	const client = useQueryClient();
	const cancel = useMutation(useTRPC().pipeline.cancel.mutationOptions({ onSuccess: () => void client.invalidateQueries() }));
	const { repository, number } = pipeline;
	if (pipeline.verbs.cancel !== null) {
		return (
			<Tooltip text={said(pipeline.verbs.cancel)}>
				<span>
					<Button disabled>{t("cancel", { number })}</Button>
				</span>
			</Tooltip>
		);
	}
	return (
		<>
			{cancel.isError && (
				<p className="max-w-xs text-failed text-sm">
					<Refusal error={cancel.error} />
				</p>
			)}
			<CopyCommand command={cancelPipelineCommand(pipeline)} />
			<Button disabled={cancel.isPending || cancel.isSuccess} onClick={() => cancel.mutate({ repository, number })}>
				{cancel.isPending || cancel.isSuccess ? t("cancelling") : t("cancel", { number })}
			</Button>
		</>
	);
}
