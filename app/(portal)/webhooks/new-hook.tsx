"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { Input, Select } from "@/components/input";
import { Notice } from "@/components/notice";
import { type HookKind, hookKinds } from "@/domain/webhook/inbound";
import { Refusal } from "../../frame/problem";
import { useTRPC } from "../../trpc/client";
import { ShownOnce } from "./shown-once";

interface NewHookProps {
	imported: readonly { readonly repository: string; readonly from: string }[];
	onClose(): void;
}

/** Which repository and who sends; then the address and the secret to give there, shown once. */
export function NewHook({ imported, onClose }: NewHookProps) {
	const t = useTranslations("webhooks.inbound");
	const client = useQueryClient();
	const [repository, setRepository] = useState(imported[0]?.repository ?? "");
	const [kind, setKind] = useState<HookKind>("github");
	const [username, setUsername] = useState("");
	const [password, setPassword] = useState("");
	const create = useMutation(useTRPC().hook.create.mutationOptions({ onSuccess: () => void client.invalidateQueries() }));
	const isHalf = (username === "") !== (password === "");
	const submit = (event: FormEvent) => {
		event.preventDefault();
		const credentials = password === "" ? null : { username, password };
		if (!isHalf && !create.isPending) create.mutate({ repository, kind, credentials });
	};
	if (create.data !== undefined) {
		return (
			<Dialog open onOpenChange={onClose} title={t("new")} description={t("give", { kind: create.variables.kind })}>
				<div className="grid gap-4">
					<div className="flex items-center gap-2 rounded-md border border-line bg-sunken py-1 pr-1 pl-3">
						<code data-testid="hook-address" className="min-w-0 flex-1 font-mono text-xs break-all">
							{create.data.address}
						</code>
						<CopyButton bare text={create.data.address} label={t("copyAddress", { name: create.variables.repository })} />
					</div>
					<p className="text-faint text-xs">{t("reachable")}</p>
					<ShownOnce title={t("made", { name: create.variables.repository })} secret={create.data.secret} />
					<div className="flex justify-end">
						<Button look="primary" onClick={onClose}>
							{t("done")}
						</Button>
					</div>
				</div>
			</Dialog>
		);
	}
	const from = imported.find((one) => one.repository === repository)?.from;
	return (
		<Dialog open onOpenChange={onClose} title={t("new")} description={t("intro")}>
			<form onSubmit={submit} className="grid gap-3">
				<Field label={t("repository")} {...(from === undefined ? {} : { hint: t("fetchedFrom", { from }) })}>
					{(ids) => (
						<Select {...ids} value={repository} onChange={(event) => setRepository(event.target.value)}>
							{imported.map((one) => (
								<option key={one.repository} value={one.repository}>
									{one.repository}
								</option>
							))}
						</Select>
					)}
				</Field>
				<Field label={t("kind")}>
					{(ids) => (
						<Select
							{...ids}
							value={kind}
							onChange={(event) => setKind(hookKinds.find((one) => one === event.target.value) ?? kind)}
						>
							{hookKinds.map((one) => (
								<option key={one} value={one}>
									{one}
								</option>
							))}
						</Select>
					)}
				</Field>
				<Field label={t("username")} hint={t("credentialsHint")}>
					{(ids) => <Input {...ids} value={username} autoComplete="off" onChange={(event) => setUsername(event.target.value)} />}
				</Field>
				<Field label={t("password")} problem={isHalf ? t("both") : null}>
					{(ids) => (
						<Input
							{...ids}
							type="password"
							value={password}
							autoComplete="new-password"
							onChange={(event) => setPassword(event.target.value)}
						/>
					)}
				</Field>
				{create.isError && (
					<Notice role="alert" tone="failed" title={t("refused")}>
						<Refusal error={create.error} />
					</Notice>
				)}
				<div className="mt-1 flex flex-wrap justify-end gap-2">
					<Button onClick={onClose}>{t("cancel")}</Button>
					<Button type="submit" look="primary" disabled={isHalf || repository === "" || create.isPending}>
						{create.isPending ? t("making") : t("make")}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
