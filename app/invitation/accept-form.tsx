"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { Notice } from "@/components/notice";
import { useSaid } from "../i18n/said/use-said";
import { signIn } from "../sign-in/auth-client";
import { accept, type Invited } from "./ask";

const shortestPassword = 12;

/** A name and a password, and the person is in. */
export function AcceptForm({ token, invited }: { token: string; invited: Invited }) {
	const t = useTranslations("invitation");
	const roles = useTranslations("role");
	const said = useSaid();
	const [password, setPassword] = useState("");
	const [problem, setProblem] = useState<string | null>(null);
	const [busy, setBusy] = useState(false);
	const isShort = password !== "" && password.length < shortestPassword;
	const submit = async (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const name = String(new FormData(event.currentTarget).get("name"));
		setBusy(true);
		const answer = await accept(token, { name, password });
		if (answer.kind !== "ok") {
			setProblem(answer.kind === "refused" ? answer.message : t("away"));
			setBusy(false);
			return;
		}
		// The account is there: where the sign-in does not work at once, its own page says why.
		location.assign((await signIn(answer.value.email, password)) === "ok" ? "/" : "/sign-in");
	};
	return (
		<form method="post" onSubmit={(event) => void submit(event)} className="grid gap-4">
			<p className="text-soft text-sm">{t("intro", { email: invited.email, role: roles(invited.role) })}</p>
			{problem !== null && <Notice role="alert" tone="failed" title={said(problem)} />}
			<input type="hidden" name="username" autoComplete="username" value={invited.email} />
			<Field label={t("name")}>{(ids) => <Input {...ids} name="name" autoComplete="name" required maxLength={100} />}</Field>
			<Field label={t("password")} hint={t("passwordHint")} problem={isShort ? t("passwordShort") : null}>
				{(ids) => (
					<Input
						{...ids}
						type="password"
						autoComplete="new-password"
						required
						minLength={shortestPassword}
						maxLength={128}
						value={password}
						onChange={(event) => setPassword(event.target.value)}
					/>
				)}
			</Field>
			<Button type="submit" look="primary" disabled={busy || isShort} className="h-9">
				{busy ? t("busy") : t("submit")}
			</Button>
		</form>
	);
}
