"use client";

import { useQuery } from "@tanstack/react-query";
import {
	Activity,
	Boxes,
	ClipboardCheck,
	GitBranch,
	Home,
	LayoutGrid,
	type LucideIcon,
	PlusSquare,
	Rocket,
	ScrollText,
	Server,
	Users,
	Waypoints,
	Webhook,
	Workflow,
} from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { cx } from "@/components/class-names";
import { useTRPC } from "../trpc/client";
import { ApprovalsBadge } from "./approvals-badge";
import { isShown, type NavigationKey, navigation, sectionOf } from "./navigation";

const icons: Record<NavigationKey, LucideIcon> = {
	home: Home,
	catalog: Boxes,
	create: PlusSquare,
	rollouts: Rocket,
	approvals: ClipboardCheck,
	environments: LayoutGrid,
	pipelines: Workflow,
	repositories: GitBranch,
	hosts: Server,
	gateway: Waypoints,
	audit: ScrollText,
	webhooks: Webhook,
	platform: Activity,
	admin: Users,
};

export function Rail({ onNavigate }: { onNavigate?: () => void }) {
	const t = useTranslations("nav");
	const current = sectionOf(usePathname());
	const me = useQuery(useTRPC().session.me.queryOptions());
	return (
		<nav aria-label={t("label")} className="grid gap-3">
			{navigation.map((group) => (
				<ul key={group[0].key} className="grid gap-0.5 border-line border-b pb-3 last:border-b-0">
					{group
						.filter(({ key }) => isShown(key, me.data?.role))
						.map(({ key, href }) => {
							const Icon = icons[key];
							return (
								<li key={key}>
									<Link
										href={href}
										onClick={onNavigate}
										aria-current={current === key ? "page" : undefined}
										className={cx(
											"flex h-8 items-center gap-2.5 rounded-md px-2 text-sm",
											current === key ? "bg-accent-wash font-medium text-accent" : "text-soft hover:bg-sunken hover:text-ink",
										)}
									>
										<Icon aria-hidden="true" className="size-4 shrink-0" />
										{t(key)}
										{key === "approvals" && <ApprovalsBadge />}
									</Link>
								</li>
							);
						})}
				</ul>
			))}
		</nav>
	);
}

export function Brand() {
	const t = useTranslations("app");
	return (
		<Link href="/" className="flex h-8 items-center gap-2 px-2 font-semibold tracking-tight">
			<svg viewBox="0 0 32 32" aria-hidden="true" className="size-5">
				<rect width="32" height="32" rx="7" className="fill-accent-solid" />
				<path d="M8 11h10a3 3 0 0 1 0 6h-4a3 3 0 0 0 0 6h10" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
			</svg>
			{t("name")}
		</Link>
	);
}
