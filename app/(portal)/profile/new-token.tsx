"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Field } from "@/components/field";
import { Input, Select } from "@/components/input";
import { Notice } from "@/components/notice";
import { isRole, type Role, roles } from "@/domain/roles";
import { longestTokenDays, whyNotToken } from "@/domain/user/token";
import { Refusal } from "../../frame/problem";
import { useTRPC } from "../../trpc/client";

/** A name, a role up to one's own and how long; then the token, shown once. */
export function NewToken({ role: own }: { role: Role }) {
	const t = useTranslations("tokens");
	const roleName = useTranslations("role");
	const client = useQueryClient();
	const [name, setName] = useState("");
	const [role, setRole] = useState<Role>(own);
	const [days, setDays] = useState(90);
	const create = useMutation(
		useTRPC().token.create.mutationOptions({
			onSuccess: () => {
				setName("");
				void client.invalidateQueries();
			},
		}),
	);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		create.mutate({ name: name.trim(), role, days });
	};
	return (
		<div className="grid gap-3">
			<form onSubmit={submit} className="flex flex-wrap items-end gap-3">
				<div className="min-w-44 flex-1">
					<Field label={t("newName")}>
						{(ids) => (
							<Input
								{...ids}
								value={name}
								maxLength={100}
								placeholder={t("example")}
								onChange={(event) => setName(event.target.value)}
							/>
						)}
					</Field>
				</div>
				<Field label={t("role")}>
					{(ids) => (
						<Select {...ids} value={role} onChange={(event) => isRole(event.target.value) && setRole(event.target.value)}>
							{roles
								.filter((one) => whyNotToken({ role: own }, one) === null)
								.map((one) => (
									<option key={one} value={one}>
										{roleName(one)}
									</option>
								))}
						</Select>
					)}
				</Field>
				<Field label={t("days")}>
					{(ids) => (
						<Input
							{...ids}
							type="number"
							min={1}
							max={longestTokenDays}
							value={days}
							className="w-24"
							onChange={(event) => setDays(event.target.valueAsNumber)}
						/>
					)}
				</Field>
				<Button type="submit" disabled={create.isPending || name.trim() === ""}>
					{create.isPending ? t("making") : t("make")}
				</Button>
			</form>
			{create.isError && (
				<Notice role="alert" tone="failed" title={t("refused")}>
					<Refusal error={create.error} />
				</Notice>
			)}
			{create.data !== undefined && (
				<Notice role="status" tone="healthy" title={t("made", { name: create.variables.name })}>
					<p>{t("once")}</p>
					<div className="mt-2 flex items-center gap-2 rounded-md border border-line bg-canvas py-1 pr-1 pl-3">
						<code data-testid="new-token" className="min-w-0 flex-1 font-mono text-ink text-xs break-all">
							{create.data.token}
						</code>
						<CopyButton bare text={create.data.token} label={t("copy")} />
					</div>
				</Notice>
			)}
		</div>
	);
}
