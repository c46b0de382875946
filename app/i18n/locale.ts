/** Languages the pages exist in; no language in the address, so a link means the same for everyone. */
export const locales = ["en"] as const;
export type Locale = (typeof locales)[number];
const defaultLocale: Locale = "en";
export const localeCookie = "sluice-locale";

export function localeOf(cookie: string | undefined): Locale {
	return locales.find((locale) => locale === cookie) ?? defaultLocale;
}
