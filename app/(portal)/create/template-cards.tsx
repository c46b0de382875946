"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { buttonStyle } from "@/components/button";
import { Skeleton } from "@/components/skeleton";
import type { TemplateRow } from "@/server/views";
import { PageHead } from "../../frame/page-head";
import { Problem } from "../../frame/problem";
import { useSaid } from "../../i18n/said/use-said";
import { useTRPC } from "../../trpc/client";
import { Steps } from "./steps";

const shownPaths = 8;

/** First screen: what a person can get. */
export function TemplateCards() {
	const t = useTranslations("create");
	const templates = useQuery(useTRPC().template.list.queryOptions());
	return (
		<>
			<PageHead title={t("choose.title")} facts={t("choose.intro")} />
			<Steps current="choose" />
			{templates.isError && <Problem query={templates} />}
			{templates.data === undefined ? (
				!templates.isError && <Skeleton className="h-64 max-w-xl" />
			) : (
				<ul className="grid gap-4 xl:grid-cols-2">
					{templates.data.map((template) => (
						<li key={template.name}>
							<TemplateCard template={template} />
						</li>
					))}
				</ul>
			)}
			<p className="mt-6 text-soft text-sm">
				{t("choose.orEmpty")}{" "}
				<Link href="/create?way=empty" className="text-accent underline">
					{t("choose.empty")}
				</Link>{" "}
				<Link href="/create?way=import" className="text-accent underline">
					{t("choose.import")}
				</Link>{" "}
				<Link href="/create?way=image" className="text-accent underline">
					{t("choose.image")}
				</Link>
			</p>
		</>
	);
}

function TemplateCard({ template }: { template: TemplateRow }) {
	const t = useTranslations("create");
	const said = useSaid();
	const more = template.tree.length - shownPaths;
	return (
		<article className="grid h-full gap-x-6 gap-y-4 rounded-lg border border-line p-4 sm:grid-cols-[minmax(0,1fr)_12rem]">
			<div className="grid content-start gap-3">
				<h2 className="font-semibold text-base">{said(template.title)}</h2>
				<p className="text-soft text-sm">
					{template.description.map((line) => (
						<span key={line} className="block">
							{said(line)}
						</span>
					))}
				</p>
				<div>
					<h3 className="mb-1 font-medium text-sm">{t("choose.gives")}</h3>
					<ul className="list-disc pl-5 text-sm marker:text-faint">
						{template.gives.map((line) => (
							<li key={line}>{said(line)}</li>
						))}
					</ul>
				</div>
				<div>
					<Link href={`/create?template=${encodeURIComponent(template.name)}`} className={buttonStyle({ look: "primary" })}>
						{t("choose.use", { title: said(template.title) })}
					</Link>
				</div>
			</div>
			<div className="rounded-md border border-line bg-sunken px-3 py-2">
				<ul aria-label={t("choose.tree")} className="font-mono text-xs leading-5">
					{template.tree.slice(0, shownPaths).map((path) => (
						<li key={path} className="truncate">
							{path}
						</li>
					))}
				</ul>
				{more > 0 && <p className="mt-1 text-faint text-xs">{t("choose.more", { count: more })}</p>}
			</div>
		</article>
	);
}
