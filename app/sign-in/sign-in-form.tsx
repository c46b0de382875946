"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { Notice } from "@/components/notice";
import { useHydrated } from "@/components/use-hydrated";
import { LanguageMenu } from "../i18n/language-menu";
import { ThemeMenu } from "../theme/theme-menu";
import { type SignInResult, signIn } from "./auth-client";

export function SignInForm({ next }: { next: string }) {
	const t = useTranslations("signIn");
	const [result, setResult] = useState<SignInResult | null>(null);
	const [busy, setBusy] = useState(false);
	const isReady = useHydrated();
	const submit = async (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const form = new FormData(event.currentTarget);
		setBusy(true);
		const answer = await signIn(String(form.get("email")), String(form.get("password")));
		setResult(answer);
		if (answer === "ok") location.assign(next);
		else setBusy(false);
	};
	return (
		<main className="grid min-h-dvh place-items-center bg-raised px-4 py-10">
			<div className="fixed top-2 right-3 flex gap-1.5">
				<LanguageMenu />
				<ThemeMenu />
			</div>
			<div className="w-full max-w-sm">
				<div className="mb-6 flex items-center gap-2.5">
					<svg viewBox="0 0 32 32" aria-hidden="true" className="size-8">
						<rect width="32" height="32" rx="7" className="fill-accent-solid" />
						<path
							d="M8 11h10a3 3 0 0 1 0 6h-4a3 3 0 0 0 0 6h10"
							fill="none"
							stroke="#fff"
							strokeWidth="3"
							strokeLinecap="round"
						/>
					</svg>
					<h1 className="font-semibold text-xl tracking-tight">{t("heading")}</h1>
				</div>
				<form
					method="post"
					onSubmit={(event) => void submit(event)}
					className="grid gap-4 rounded-lg border border-line bg-canvas p-5 shadow-xs"
				>
					{result !== null && result !== "ok" && <Notice role="alert" tone="failed" title={t(`problem.${result}`)} />}
					<Field label={t("email")}>
						{(ids) => <Input {...ids} name="email" type="email" autoComplete="username" required />}
					</Field>
					<Field label={t("password")}>
						{(ids) => <Input {...ids} name="password" type="password" autoComplete="current-password" required />}
					</Field>
					<Button type="submit" look="primary" disabled={busy || !isReady} className="h-9">
						{busy ? t("busy") : t("submit")}
					</Button>
				</form>
				<p className="mt-4 text-faint text-sm">{t("hint")}</p>
			</div>
		</main>
	);
}
