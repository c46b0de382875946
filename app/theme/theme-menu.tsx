"use client";

import { Check, Monitor, Moon, Sun } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "@/components/button";
import { Menu, MenuItem } from "@/components/menu";
import { isTheme, type Theme, themeKey, themes } from "./theme";

const icons = { system: Monitor, light: Sun, dark: Moon } as const;

export function ThemeMenu() {
	const t = useTranslations("theme");
	const [theme, setTheme] = useState<Theme>("system");
	useEffect(() => {
		const stored = localStorage.getItem(themeKey);
		if (isTheme(stored)) setTheme(stored);
	}, []);
	const choose = (next: Theme) => {
		setTheme(next);
		if (next === "system") {
			localStorage.removeItem(themeKey);
			delete document.documentElement.dataset.theme;
		} else {
			localStorage.setItem(themeKey, next);
			document.documentElement.dataset.theme = next;
		}
	};
	const Icon = icons[theme];
	return (
		<Menu
			align="end"
			trigger={
				<Button look="quiet" size="icon" aria-label={t("label")}>
					<Icon aria-hidden="true" className="size-4" />
				</Button>
			}
		>
			{themes.map((choice) => (
				<MenuItem key={choice} onSelect={() => choose(choice)}>
					<Check aria-hidden="true" className={choice === theme ? "size-3.5" : "invisible size-3.5"} />
					{t(choice)}
				</MenuItem>
			))}
		</Menu>
	);
}
