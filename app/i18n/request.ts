import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { localeCookie, localeOf } from "./locale";

export default getRequestConfig(async () => {
	const locale = localeOf((await cookies()).get(localeCookie)?.value, (await headers()).get("accept-language"));
	const messages = (await import(`../../messages/texts/${locale}.json`)) as { default: Record<string, never> };
	return { locale, messages: messages.default, timeZone: "UTC" };
});
