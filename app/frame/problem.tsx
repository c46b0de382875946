"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { Notice } from "@/components/notice";
import { TimeAgo } from "@/components/time-ago";
import { Said } from "../i18n/said/said";
import { useSaid } from "../i18n/said/use-said";
import { errorCodeOf } from "../trpc/client";

interface Failed {
	readonly error: unknown;
	readonly dataUpdatedAt: number;
	readonly isFetching: boolean;
	refetch(): Promise<unknown>;
}

/** A page whose data cannot be had: no permission, not there, or away; says which, since when, and offers to try again. */
export function Problem({ query }: { query: Failed }) {
	const t = useTranslations("problem");
	const code = errorCodeOf(query.error);
	if (code === "FORBIDDEN") {
		return (
			<Notice tone="stopped" title={t("forbidden")}>
				<Said text={messageOf(query.error)} />
			</Notice>
		);
	}
	if (code === "NOT_FOUND") {
		return (
			<Notice tone="unknown" title={t("notFound")}>
				<Said text={messageOf(query.error)} />
			</Notice>
		);
	}
	return (
		<Notice
			role="alert"
			tone="degraded"
			title={code === null ? t("away") : t("failed")}
			actions={
				<Button disabled={query.isFetching} onClick={() => void query.refetch()}>
					{query.isFetching ? t("retrying") : t("retry")}
				</Button>
			}
		>
			{code !== null && (
				<p>
					<Said text={messageOf(query.error)} />
				</p>
			)}
			{query.dataUpdatedAt > 0 && (
				<p>
					{t("shownSince")} <TimeAgo at={new Date(query.dataUpdatedAt)} />
				</p>
			)}
			{code === null && <p>{t("stillWorks")}</p>}
		</Notice>
	);
}

/** Why an act was not done: the server's sentence, or that it does not answer, which only the browser knows. */
export function Refusal({ error }: { error: unknown }) {
	const t = useTranslations("problem");
	const said = useSaid();
	return errorCodeOf(error) === null ? t("away") : said(messageOf(error));
}

export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
