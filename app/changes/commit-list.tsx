"use client";

import { useTranslations } from "next-intl";
import type { RolloutChanges } from "@/server/views";

/** Newest first. */
export function CommitList({ commits }: { commits: NonNullable<RolloutChanges["commits"]> }) {
	const t = useTranslations("rollout.changes");
	return (
		<ol className="grid gap-1">
			{commits.map(({ commit, message, author }) => (
				<li key={commit} className="flex items-baseline gap-2 text-sm">
					<code className="shrink-0 font-mono text-faint text-xs">{commit.slice(0, 8)}</code>
					<span className="min-w-0 break-words">
						{message} <span className="text-faint text-xs">{t("author", { author })}</span>
					</span>
				</li>
			))}
		</ol>
	);
}
