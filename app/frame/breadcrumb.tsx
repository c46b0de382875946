"use client";

import { ChevronDown, ChevronRight } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { Fragment, useState } from "react";
import { Menu, MenuItem } from "@/components/menu";
import { type Crumb, crumbsOf } from "./crumbs";
import { useSiblings } from "./siblings";

/** Where I am; each part is a link, and a menu of what stands beside it. */
export function Breadcrumb() {
	const t = useTranslations("crumbs");
	const crumbs = crumbsOf(usePathname());
	return (
		<nav aria-label={t("label")} className="min-w-0 flex-1">
			<ol className="flex min-w-0 items-center gap-0.5 overflow-hidden text-sm">
				{crumbs.map((crumb, index) => (
					<Fragment key={crumb.href}>
						{index > 0 && (
							<li aria-hidden="true" className="shrink-0 text-faint max-md:hidden">
								<ChevronRight className="size-3.5" />
							</li>
						)}
						<li className={index === crumbs.length - 1 ? "flex min-w-0 items-center" : "flex min-w-0 items-center max-md:hidden"}>
							<CrumbPart crumb={crumb} last={index === crumbs.length - 1} />
						</li>
					</Fragment>
				))}
			</ol>
		</nav>
	);
}

function CrumbPart({ crumb, last }: { crumb: Crumb; last: boolean }) {
	const label = useCrumbLabel()(crumb);
	return (
		<>
			<Link
				href={crumb.href}
				aria-current={last ? "page" : undefined}
				className={last ? "truncate rounded px-1 font-medium" : "truncate rounded px-1 text-soft hover:text-ink"}
			>
				{label}
			</Link>
			{crumb.kind !== "section" && <SiblingMenu crumb={crumb} label={label} />}
		</>
	);
}

function SiblingMenu({ crumb, label }: { crumb: Crumb; label: string }) {
	const t = useTranslations("crumbs");
	const [open, setOpen] = useState(false);
	return (
		<Menu
			onOpenChange={setOpen}
			trigger={
				<button
					type="button"
					aria-label={t("siblings", { of: label })}
					className="rounded p-0.5 text-faint hover:bg-sunken hover:text-ink"
				>
					<ChevronDown aria-hidden="true" className="size-3.5" />
				</button>
			}
		>
			{open && <Siblings crumb={crumb} />}
		</Menu>
	);
}

function Siblings({ crumb }: { crumb: Crumb }) {
	const t = useTranslations("crumbs");
	const label = useCrumbLabel();
	const siblings = useSiblings(crumb);
	if (siblings === null) return <MenuItem disabled>{t("loading")}</MenuItem>;
	if (siblings.length === 0) return <MenuItem disabled>{t("none")}</MenuItem>;
	return siblings.map((sibling) => (
		<MenuItem key={sibling.href} asChild>
			<Link href={sibling.href} aria-current={sibling.href === crumb.href ? "page" : undefined}>
				{label(sibling)}
			</Link>
		</MenuItem>
	));
}

function useCrumbLabel(): (crumb: Crumb) => string {
	const nav = useTranslations("nav");
	const t = useTranslations("crumbs");
	return (crumb) => {
		switch (crumb.kind) {
			case "section":
				return nav(crumb.key);
			case "service":
				return crumb.service;
			case "environment":
				return crumb.environment;
			case "repository":
				return crumb.repository;
			case "rollout":
				return t("rollout", { number: crumb.number });
			case "pipeline":
				return t("pipeline", { number: crumb.number });
		}
	};
}
