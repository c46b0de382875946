"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { buttonStyle } from "@/components/button";
import { CommandLine } from "@/components/command-line";
import type { RepositoryRow } from "@/server/views";
import { addressOf } from "../../frame/addresses";

/** From an empty repository to the first pipeline. */
export function PushSteps({ repository }: { repository: Pick<RepositoryRow, "name" | "cloneUrl" | "defaultBranch"> }) {
	const t = useTranslations("create.push");
	return (
		<ol className="grid list-decimal gap-4 pl-5 marker:text-faint">
			<li>
				<p className="mb-1.5">{t("clone")}</p>
				<CommandLine commands={[`git clone ${repository.cloneUrl}`, `cd ${repository.name}`]} />
				<p className="mt-1 text-faint text-xs">{t("password")}</p>
			</li>
			<li>
				<p className="mb-1.5">{t("fill")}</p>
			</li>
			<li>
				<p className="mb-1.5">{t("push")}</p>
				<CommandLine
					commands={["git add .", `git commit -m "First version"`, `git push origin HEAD:${repository.defaultBranch}`]}
				/>
			</li>
			<li>
				<p className="mb-1.5">{t("watch")}</p>
				<Link href={addressOf.pipelinesOf(repository.name)} className={buttonStyle({ look: "plain" })}>
					{t("open", { name: repository.name })}
				</Link>
			</li>
		</ol>
	);
}
