"use client";

import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/copy-button";
import { Notice } from "@/components/notice";

/** A secret that was just made; the page forgets it when it is left. */
export function ShownOnce({ title, secret }: { title: string; secret: string }) {
	const t = useTranslations("webhooks");
	return (
		<Notice role="status" tone="healthy" title={title}>
			<p>{t("once")}</p>
			<div className="mt-2 flex items-center gap-2 rounded-md border border-line bg-canvas py-1 pr-1 pl-3">
				<code data-testid="new-secret" className="min-w-0 flex-1 font-mono text-ink text-xs break-all">
					{secret}
				</code>
				<CopyButton bare text={secret} label={t("copySecret")} />
			</div>
		</Notice>
	);
}
