"use client";

import { Menu as MenuIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/button";
import { Drawer } from "@/components/drawer";
import { ThemeMenu } from "../theme/theme-menu";
import { Breadcrumb } from "./breadcrumb";
import { LiveDot } from "./live-dot";
import { MeMenu } from "./me-menu";
import { Brand, Rail } from "./rail";
import { Search } from "./search";

/** The rail on the left, the top bar, the page. Below 768 px the rail folds into a drawer. */
export function Frame({ children }: { children: ReactNode }) {
	const t = useTranslations("frame");
	return (
		<div className="min-h-dvh md:grid md:grid-cols-[13rem_minmax(0,1fr)]">
			<a
				href="#page"
				className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-accent-solid focus:px-3 focus:py-2 focus:text-on-accent"
			>
				{t("skip")}
			</a>
			<aside className="hidden border-line border-r bg-raised md:block">
				<div className="sticky top-0 max-h-dvh overflow-y-auto px-3 py-2">
					<div className="mb-3">
						<Brand />
					</div>
					<Rail />
				</div>
			</aside>
			<div className="min-w-0">
				<header className="sticky top-0 z-30 flex h-12 items-center gap-1.5 border-line border-b bg-canvas/95 px-3 backdrop-blur md:px-6">
					<FoldedRail />
					<Breadcrumb />
					<LiveDot />
					<Search />
					<ThemeMenu />
					<MeMenu />
				</header>
				<main id="page" tabIndex={-1} className="mx-auto max-w-[88rem] px-4 py-5 outline-none md:px-6">
					{children}
				</main>
			</div>
		</div>
	);
}

function FoldedRail() {
	const t = useTranslations("frame");
	const [open, setOpen] = useState(false);
	return (
		<div className="md:hidden">
			<Drawer
				label={t("menu")}
				open={open}
				onOpenChange={setOpen}
				trigger={
					<Button look="quiet" size="icon" aria-label={t("menu")} className="-ml-1.5">
						<MenuIcon aria-hidden="true" className="size-4" />
					</Button>
				}
			>
				<div className="mb-3">
					<Brand />
				</div>
				<Rail onNavigate={() => setOpen(false)} />
			</Drawer>
		</div>
	);
}
