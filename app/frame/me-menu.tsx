"use client";

import { useQuery } from "@tanstack/react-query";
import { Braces, CircleUser, LogOut, UserRound } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { Menu, MenuItem, MenuLabel } from "@/components/menu";
import { signOut } from "../sign-in/auth-client";
import { useTRPC } from "../trpc/client";

export function MeMenu() {
	const t = useTranslations("me");
	const me = useQuery(useTRPC().session.me.queryOptions());
	return (
		<Menu
			align="end"
			trigger={
				<Button look="quiet" size="icon" aria-label={t("label")}>
					<CircleUser aria-hidden="true" className="size-4" />
				</Button>
			}
		>
			{me.data !== undefined && <MenuLabel>{t("signedInAs", { name: me.data.name })}</MenuLabel>}
			<MenuItem asChild>
				<Link href="/profile">
					<UserRound aria-hidden="true" className="size-3.5" />
					{t("profile")}
				</Link>
			</MenuItem>
			<MenuItem asChild>
				<Link href="/reference">
					<Braces aria-hidden="true" className="size-3.5" />
					{t("reference")}
				</Link>
			</MenuItem>
			<MenuItem onSelect={() => void signOut()}>
				<LogOut aria-hidden="true" className="size-3.5" />
				{t("signOut")}
			</MenuItem>
		</Menu>
	);
}
