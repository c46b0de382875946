import { hasRole, type Role } from "@/domain/roles";

/** The left rail: only pages that exist. */
export const navigation = [
	[
		{ key: "home", href: "/" },
		{ key: "catalog", href: "/catalog" },
		{ key: "create", href: "/create" },
	],
	[
		{ key: "rollouts", href: "/rollouts" },
		{ key: "approvals", href: "/approvals" },
		{ key: "environments", href: "/environments" },
		{ key: "pipelines", href: "/pipelines" },
		{ key: "repositories", href: "/repositories" },
	],
	[
		{ key: "hosts", href: "/hosts" },
		{ key: "gateway", href: "/gateway" },
		{ key: "audit", href: "/audit" },
		{ key: "webhooks", href: "/webhooks" },
		{ key: "platform", href: "/platform" },
		{ key: "admin", href: "/admin/users" },
	],
] as const;

export type NavigationKey = (typeof navigation)[number][number]["key"];

/** Which entry of the rail a path belongs to; null for pages outside it. */
export function sectionOf(pathname: string): NavigationKey | null {
	if (pathname.startsWith("/services/")) return pathname.includes("/rollouts/") ? "rollouts" : "catalog";
	const entry = navigation
		.flat()
		.find(({ href }) => (href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`)));
	return entry?.key ?? null;
}

/** Nobody sees what they cannot open. */
export function isShown(key: NavigationKey, role: Role | undefined): boolean {
	if (key === "webhooks") return role !== undefined && hasRole({ role }, "operator");
	return key !== "admin" || role === "admin";
}
