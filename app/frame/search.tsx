"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Search as SearchIcon } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useDeferredValue, useEffect, useState } from "react";
import { Palette, type PaletteItem } from "@/components/palette";
import { hasRole, type Role } from "@/domain/roles";
import { useTRPC } from "../trpc/client";
import { addressOf } from "./addresses";
import { Keys } from "./keys";
import { isShown, navigation } from "./navigation";

/** `/` or Ctrl/Cmd K anywhere: to a page, service, repository, host, rollout or pipeline by its name. */
export function Search() {
	const t = useTranslations("search");
	const router = useRouter();
	const [open, setOpen] = useState(false);
	const [isHelping, setHelping] = useState(false);
	const [query, setQuery] = useState("");
	const items = useItems(open, useDeferredValue(query));
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			const palette = event.key === "k" && (event.metaKey || event.ctrlKey);
			const isFree = !event.metaKey && !event.ctrlKey && !event.altKey && !isTyping(event.target);
			// What is asked in a dialog is answered first.
			if (!palette && document.querySelector("[role=dialog]") !== null) return;
			if (isFree && event.key === "?") setHelping(true);
			else if (palette || (isFree && event.key === "/")) setOpen(true);
			else return;
			event.preventDefault();
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
			<Keys open={isHelping} onOpenChange={setHelping} />
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
	const role = me.data?.role;
	const may = (least: Role) => role !== undefined && hasRole({ role }, least);
	// "deploy orders" is about orders: the act's own word is in no service's name.
	const about = query.trim().split(/\s+/).slice(1).join(" ").slice(0, 100);
	const acted = useQuery(
		trpc.service.list.queryOptions({ search: about, limit: 12 }, { ...found, enabled: enabled && about !== "" }),
	);
	const deployable = may("developer") ? (about === "" ? services : (acted.data ?? [])) : [];
	const rolloutItem = (rollout: (typeof rollouts)[number], group: string) => ({
		label: `${rollout.service} ${rollout.environment} ${crumbs("rollout", { number: rollout.number })}`,
		group,
		href: addressOf.rollout(rollout),
	});
	const acts = [
		{ label: t("acts.create"), href: "/create", least: "developer" },
		{ label: t("acts.freeze"), href: "/environments#freezes", least: "operator" },
		{ label: t("acts.host"), href: "/hosts", least: "operator" },
		{ label: t("acts.token"), href: "/profile", least: "viewer" },
	] as const;
	const items = [
		...rollouts.filter(({ endedAt }) => endedAt === null).map((rollout) => rolloutItem(rollout, t("running"))),
		...navigation
			.flat()
			.filter(({ key }) => isShown(key, me.data?.role))
			.map(({ key, href }) => ({ label: nav(key), group: t("page"), href })),
		{ label: nav("profile"), group: t("page"), href: "/profile" },
		{ label: nav("reference"), group: t("page"), href: "/reference" },
		...acts.filter(({ least }) => may(least)).map(({ label, href }) => ({ label, group: t("action"), href })),
		...services.map(({ name }) => ({ label: name, group: t("service"), href: addressOf.service(name) })),
		...deployable.map(({ name }) => ({
			label: t("acts.deploy", { service: name }),
			group: t("action"),
			href: addressOf.releasesOf(name),
		})),
		...repositories.map(({ name }) => ({ label: name, group: t("repository"), href: addressOf.pipelinesOf(name) })),
		...hosts.map(({ name }) => ({ label: name, group: t("host"), href: addressOf.host(name) })),
		...rollouts.filter(({ endedAt }) => endedAt !== null).map((rollout) => rolloutItem(rollout, t("rollout"))),
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
