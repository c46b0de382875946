"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Field } from "@/components/field";
import { Input, Select } from "@/components/input";
import { Notice } from "@/components/notice";
import { isScope, type Scope, scopes } from "@/domain/policy/scope";
import { isRole, type Role, roles } from "@/domain/roles";
import { longestTokenDays, whyNotToken } from "@/domain/user/token";
import { messageOf } from "../../frame/problem";
import { useTRPC } from "../../trpc/client";
import { tokenCommand } from "../../verbs/command";
import { CopyCommand } from "../../verbs/copy-command";

/** A name, a role up to one's own and how long; then the token, shown once. */
export function NewToken({ role: own }: { role: Role }) {
	const t = useTranslations("tokens");
	const roleName = useTranslations("role");
	const client = useQueryClient();
	const [name, setName] = useState("");
	const [role, setRole] = useState<Role>(own);
	const [days, setDays] = useState(90);
	const [chosen, setChosen] = useState<readonly Scope[]>([]);
	const [services, setServices] = useState("");
	const [environments, setEnvironments] = useState("");
	const create = useMutation(
		useTRPC().token.create.mutationOptions({
			onSuccess: () => {
				setName("");
				void client.invalidateQueries();
			},
		}),
	);
	const limits = {
		scopes: chosen.length === 0 ? null : [...chosen],
		services: wordsOf(services),
		environments: wordsOf(environments),
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		create.mutate({ name: name.trim(), role, days, limits });
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
				<fieldset className="flex min-w-0 basis-full flex-wrap items-center gap-x-4 gap-y-1">
					<legend className="mb-1 text-sm">{t("scopes")}</legend>
					{scopes.map((scope) => (
						<label key={scope} className="flex items-center gap-1.5 text-sm">
							<input
								type="checkbox"
								value={scope}
								checked={chosen.includes(scope)}
								onChange={({ target }) => isScope(target.value) && setChosen(toggled(chosen, target.value))}
							/>
							{t(`scope.${scope}`)}
						</label>
					))}
					<p className="basis-full text-faint text-xs">{t("scopesHint")}</p>
				</fieldset>
				<div className="min-w-44 flex-1">
					<Field label={t("services")} hint={t("limitHint")}>
						{(ids) => (
							<Input {...ids} value={services} autoComplete="off" onChange={(event) => setServices(event.target.value)} />
						)}
					</Field>
				</div>
				<div className="min-w-44 flex-1">
					<Field label={t("environments")} hint={t("limitHint")}>
						{(ids) => (
							<Input {...ids} value={environments} autoComplete="off" onChange={(event) => setEnvironments(event.target.value)} />
						)}
					</Field>
				</div>
				<Button type="submit" disabled={create.isPending || name.trim() === ""}>
					{create.isPending ? t("making") : t("make")}
				</Button>
				{name.trim() !== "" && <CopyCommand command={tokenCommand(name.trim(), role, days, limits)} />}
			</form>
			{create.isError && (
				<Notice role="alert" tone="failed" title={t("refused")}>
					{messageOf(create.error)}
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

/** Words parted by spaces or commas; null = none. */
function wordsOf(text: string): string[] | null {
	const words = text.split(/[\s,]+/).filter((word) => word !== "");
	return words.length === 0 ? null : words;
}

function toggled(chosen: readonly Scope[], scope: Scope): readonly Scope[] {
	return chosen.includes(scope) ? chosen.filter((one) => one !== scope) : [...chosen, scope];
}
