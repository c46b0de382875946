"use client";

import { Check, Languages } from "lucide-react";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { Menu, MenuItem } from "@/components/menu";
import { type Locale, languageTags, localeCookie, localeNames, locales } from "./locale";

/** For pages without the menu of "me". */
export function LanguageMenu() {
	const t = useTranslations("language");
	return (
		<Menu
			align="end"
			trigger={
				<Button look="quiet" size="icon" aria-label={t("label")}>
					<Languages aria-hidden="true" className="size-4" />
				</Button>
			}
		>
			<LanguageItems />
		</Menu>
	);
}

/** The languages, as entries of a menu. What was typed on the page stays when it changes. */
export function LanguageItems() {
	const current = useLocale();
	const router = useRouter();
	const choose = (locale: Locale) => {
		// biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is missing where the portal is reached by plain HTTP
		document.cookie = `${localeCookie}=${locale}; path=/; max-age=31536000; samesite=lax`;
		router.refresh();
	};
	return locales.map((locale) => (
		<MenuItem key={locale} onSelect={() => choose(locale)} lang={languageTags[locale]}>
			<Check aria-hidden="true" className={locale === current ? "size-3.5" : "invisible size-3.5"} />
			{localeNames[locale]}
		</MenuItem>
	));
}
