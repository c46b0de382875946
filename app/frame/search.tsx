"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Search as SearchIcon } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useDeferredValue, useEffect, useState } from "react";
import { Palette, type PaletteItem } from "@/components/palette";
import { useTRPC } from "../trpc/client";
import { addressOf } from "./addresses";
import { isShown, navigation } from "./navigation";

/** `/` or Ctrl/Cmd K anywhere: to a page, service, repository, host, rollout or pipeline by its name. */
export function Search() {
	const t = useTranslations("search");
	const router = useRouter();
	const [open, setOpen] = useState(false);
	const [query, setQuery] = useState("");
	const items = useItems(open, useDeferredValue(query));
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			const palette = event.key === "k" && (event.metaKey || event.ctrlKey);
			const slash = event.key === "/" && !event.metaKey && !event.ctrlKey && !event.altKey && !isTyping(event.target);
			if (!palette && !slash) return;
			event.preventDefault();
			setOpen(true);
		};
		document.addEventListener("keydown", onKey);
		return () => document.removeEventListener("keydown", onKey);
	}, []);
	return (
		<>
			<button
				type="button"
				onClick={() => setOpen(true)}
				className="flex h-8 items-center gap-2 rounded-md border border-line bg-raised px-2 text-faint text-sm hover:text-ink md:w-52"
				aria-label={t("open")}
				aria-keyshortcuts="/ Control+K Meta+K"
			>
				<SearchIcon aria-hidden="true" className="size-4" />
				<span className="flex-1 text-left max-md:hidden">{t("label")}</span>
				<kbd className="rounded border border-line bg-canvas px-1.5 font-sans text-xs max-md:hidden">{"/"}</kbd>
			</button>
			<Palette open={open} onOpenChange={setOpen} items={items} onChoose={(item) => router.push(item.href)} onQuery={setQuery} />
		</>
	);
}

/** There may be thousands of services and repositories: those are looked for by what is typed. */
function useItems(enabled: boolean, query: string): PaletteItem[] {
	const t = useTranslations("search");
	const nav = useTranslations("nav");
	const crumbs = useTranslations("crumbs");
	const trpc = useTRPC();
	const me = useQuery(trpc.session.me.queryOptions(undefined, { enabled }));
	const named = { search: query.slice(0, 100), limit: 12 };
	const found = { enabled, placeholderData: keepPreviousData };
	const services = useQuery(trpc.service.list.queryOptions(named, found)).data ?? [];
	const repositories = useQuery(trpc.repository.list.queryOptions(named, found)).data ?? [];
	const hosts = useQuery(trpc.host.list.queryOptions(undefined, { enabled })).data ?? [];
	const rollouts = useQuery(trpc.rollout.list.queryOptions({ limit: 20 }, { enabled })).data ?? [];
	const pipelines = useQuery(trpc.pipeline.list.queryOptions({ limit: 20 }, { enabled })).data ?? [];
	const items = [
		...navigation
			.flat()
			.filter(({ key }) => isShown(key, me.data?.role))
			.map(({ key, href }) => ({ label: nav(key), group: t("page"), href })),
		{ label: nav("profile"), group: t("page"), href: "/profile" },
		{ label: nav("reference"), group: t("page"), href: "/reference" },
		...services.map(({ name }) => ({ label: name, group: t("service"), href: addressOf.service(name) })),
		...repositories.map(({ name }) => ({ label: name, group: t("repository"), href: addressOf.pipelinesOf(name) })),
		...hosts.map(({ name }) => ({ label: name, group: t("host"), href: addressOf.host(name) })),
		...rollouts.map((rollout) => ({
			label: `${rollout.service} ${rollout.environment} ${crumbs("rollout", { number: rollout.number })}`,
			group: t("rollout"),
			href: addressOf.rollout(rollout),
		})),
		...pipelines.map((pipeline) => ({
			label: `${pipeline.repository} ${crumbs("pipeline", { number: pipeline.number })}`,
			group: t("pipeline"),
			href: addressOf.pipeline(pipeline),
		})),
	];
	return items.map((item, index) => ({ ...item, id: String(index) }));
}

function isTyping(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}
