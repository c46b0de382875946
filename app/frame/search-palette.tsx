"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useDeferredValue, useState } from "react";
import { Palette, type PaletteItem } from "@/components/palette";
import { hasRole, type Role } from "@/domain/roles";
import { useTRPC } from "../trpc/client";
import { addressOf } from "./addresses";
import { isShown, navigation } from "./navigation";

interface Props {
	open: boolean;
	onOpenChange: (open: boolean) => void;
}

/** To a page, service, repository, host, rollout or pipeline by its name. */
export function SearchPalette({ open, onOpenChange }: Props) {
	const router = useRouter();
	const [query, setQuery] = useState("");
	const items = useItems(open, useDeferredValue(query));
	return (
		<Palette
			open={open}
			onOpenChange={onOpenChange}
			items={items}
			onChoose={(item) => router.push(item.href)}
			onQuery={setQuery}
		/>
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
