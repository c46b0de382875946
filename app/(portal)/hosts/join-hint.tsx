"use client";

import { useTranslations } from "next-intl";
import { CommandLine } from "@/components/command-line";
import { Empty } from "@/components/empty";

export function JoinHint() {
	const t = useTranslations("hosts");
	return (
		<Empty title={t("empty")}>
			<p className="text-soft text-sm">{t("token")}</p>
			<CommandLine commands={["./sluice host token h1"]} />
			<p className="text-faint text-sm">{t("tokenUse")}</p>
		</Empty>
	);
}
