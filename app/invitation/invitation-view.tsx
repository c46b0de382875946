"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { buttonStyle } from "@/components/button";
import { Notice } from "@/components/notice";
import { Skeleton } from "@/components/skeleton";
import { LanguageMenu } from "../i18n/language-menu";
import { Said } from "../i18n/said/said";
import { ThemeMenu } from "../theme/theme-menu";
import { AcceptForm } from "./accept-form";
import { type Answer, type Invited, lookAt } from "./ask";

/** For a person without an account: the token stands behind the `#` of the link, which no server on the way sees. */
export function InvitationView() {
	const t = useTranslations("invitation");
	const [token, setToken] = useState<string | null>(null);
	const [answer, setAnswer] = useState<Answer<Invited> | null>(null);
	useEffect(() => {
		const given = location.hash.slice(1);
		setToken(given);
		void lookAt(given).then(setAnswer);
	}, []);
	return (
		<main className="grid min-h-dvh place-items-center bg-raised px-4 py-10">
			<div className="fixed top-2 right-3 flex gap-1.5">
				<LanguageMenu />
				<ThemeMenu />
			</div>
			<div className="w-full max-w-sm">
				<h1 className="mb-5 font-semibold text-xl tracking-tight">{t("title")}</h1>
				<div className="grid gap-4 rounded-lg border border-line bg-canvas p-5 shadow-xs">
					{answer === null || token === null ? (
						<Skeleton className="w-56" />
					) : answer.kind === "ok" ? (
						<AcceptForm token={token} invited={answer.value} />
					) : (
						<>
							<Notice role="alert" tone="failed" title={t("refused")}>
								{answer.kind === "refused" ? <Said text={answer.message} /> : t("away")}
							</Notice>
							<Link href="/sign-in" className={buttonStyle({ look: "plain" })}>
								{t("signIn")}
							</Link>
						</>
					)}
				</div>
			</div>
		</main>
	);
}
