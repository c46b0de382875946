import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import "@fontsource-variable/inter";
import { TooltipProvider } from "@/components/tooltip";
import "./globals.css";
import { languageTags } from "./i18n/locale";
import { themeScript } from "./theme/theme";
import { DataProvider } from "./trpc/client";

export async function generateMetadata(): Promise<Metadata> {
	const t = await getTranslations("app");
	return { title: { default: t("name"), template: `%s · ${t("name")}` }, description: t("description") };
}

export const viewport: Viewport = {
	width: "device-width",
	initialScale: 1,
	themeColor: [
		{ media: "(prefers-color-scheme: light)", color: "#ffffff" },
		{ media: "(prefers-color-scheme: dark)", color: "#101215" },
	],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
	const locale = await getLocale();
	const nonce = (await headers()).get("x-nonce") ?? undefined;
	return (
		<html lang={languageTags[locale]} suppressHydrationWarning>
			<head>
				{/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, under this request's nonce */}
				<script nonce={nonce} dangerouslySetInnerHTML={{ __html: themeScript }} />
			</head>
			<body>
				<NextIntlClientProvider>
					<DataProvider>
						<TooltipProvider delayDuration={250}>{children}</TooltipProvider>
					</DataProvider>
				</NextIntlClientProvider>
			</body>
		</html>
	);
}
