"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { buttonStyle } from "@/components/button";
import { CommandLine } from "@/components/command-line";
import { Section } from "@/components/section";
import type { ScaffoldPage } from "@/server/views";
import { addressOf } from "../../../frame/addresses";
import { Said } from "../../../i18n/said/said";
import { useTRPC } from "../../../trpc/client";

/** Open it, clone it, change it. */
export function NextSteps({ page }: { page: ScaffoldPage }) {
	const t = useTranslations("create.run");
	const templates = useQuery(useTRPC().template.list.queryOptions()).data ?? [];
	const first = templates.find(({ name }) => name === page.template)?.firstChange;
	return (
		<div className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-6">
			<Section title={t("open")}>
				<div className="flex flex-wrap gap-2">
					<Link href={addressOf.service(page.name)} className={buttonStyle({ look: "primary" })}>
						{t("openService", { name: page.name })}
					</Link>
					{page.url !== null && (
						<a href={page.url} className={buttonStyle({ look: "plain" })}>
							{t("call", { url: page.url })}
						</a>
					)}
				</div>
				{page.url === null && page.curl !== null && <CommandLine commands={[page.curl]} />}
			</Section>
			{page.cloneUrl !== null && (
				<Section title={t("clone")}>
					<CommandLine commands={[`git clone ${page.cloneUrl}`, `cd ${page.name}`]} />
					<p className="mt-1.5 text-faint text-xs">
						{t("password")}{" "}
						<Link href="/profile" className="text-accent underline">
							{t("makeToken")}
						</Link>
					</p>
				</Section>
			)}
			{first !== undefined && (
				<Section title={t("change")}>
					<p className="text-sm">
						<code className="font-mono text-xs">{first.file}</code>
						{": "}
						<Said text={first.sentence} />
					</p>
				</Section>
			)}
		</div>
	);
}
