"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { buttonStyle } from "@/components/button";
import { CommandLine } from "@/components/command-line";
import { Empty } from "@/components/empty";

/** Nothing here yet: the two ways to the first service. */
export function FirstSteps() {
	const t = useTranslations("create.first");
	return (
		<Empty title={t("title")}>
			<div>
				<Link href="/create" className={buttonStyle({ look: "primary" })}>
					{t("create")}
				</Link>
			</div>
			<p className="text-faint text-sm">{t("or")}</p>
			<CommandLine commands={["./sluice deploy -f sluice.yaml --image <repository@digest> --env staging"]} />
		</Empty>
	);
}
