/** Languages the pages exist in; no language in the address, so a link means the same for everyone. */
export const locales = ["en", "zh"] as const;
export type Locale = (typeof locales)[number];
const defaultLocale: Locale = "en";

/** What a person chose in this browser; absent = as the browser asks. A cookie, because the first page is made on the server. */
export const localeCookie = "sluice-locale";

/** Each language in its own words, so that who cannot read the page finds their own. */
export const localeNames: Record<Locale, string> = { en: "English", zh: "简体中文" };

/** For `lang`: which glyphs a browser takes for characters that several scripts share. */
export const languageTags: Record<Locale, string> = { en: "en", zh: "zh-CN" };

/** The chosen language, else the first of the browser's that there is, else English. */
export function localeOf(cookie: string | undefined, acceptLanguage: string | null): Locale {
	return localeNamed(cookie ?? "") ?? firstAccepted(acceptLanguage ?? "") ?? defaultLocale;
}

/** RFC 9110, 12.5.4: ranges with a weight; the highest first, those of the same weight as they stand, 0 never. */
function firstAccepted(header: string): Locale | null {
	const ranges = header
		.split(",")
		.map((part) => {
			const [range = "", ...parameters] = part.split(";").map((word) => word.trim().toLowerCase());
			const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
			return { locale: localeNamed(range.split("-")[0] ?? ""), weight: Number(weight) };
		})
		.filter(({ weight }) => weight > 0)
		.sort((a, b) => b.weight - a.weight);
	return ranges.find(({ locale }) => locale !== null)?.locale ?? null;
}

function localeNamed(name: string): Locale | null {
	return locales.find((locale) => locale === name) ?? null;
}
