"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { Notice } from "@/components/notice";
import { messageOf } from "../frame/problem";

/** A fault of the page itself; the rest of the portal stays. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset(): void }) {
	const t = useTranslations("problem");
	return (
		<Notice role="alert" tone="failed" title={t("page")} actions={<Button onClick={reset}>{t("retry")}</Button>}>
			{messageOf(error)}
		</Notice>
	);
}
