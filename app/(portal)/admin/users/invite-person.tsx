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
import { messageOf } from "../../../frame/problem";
import { useTRPC } from "../../../trpc/client";
import { inviteCommand } from "../../../verbs/command";
import { CopyCommand } from "../../../verbs/copy-command";

/** An address and a role, then the link to hand over: it is shown once. */
export function InvitePerson() {
	const t = useTranslations("users");
	const roleName = useTranslations("role");
	const client = useQueryClient();
	const [email, setEmail] = useState("");
	const [role, setRole] = useState<Role>("developer");
	const invite = useMutation(
		useTRPC().user.invite.mutationOptions({
			onSuccess: () => {
				setEmail("");
				void client.invalidateQueries();
			},
		}),
	);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		invite.mutate({ email: email.trim(), role });
	};
	return (
		<div className="grid max-w-2xl gap-3">
			<form onSubmit={submit} className="flex flex-wrap items-end gap-3">
				<div className="min-w-56 flex-1">
					<Field label={t("email")}>
						{(ids) => (
							<Input
								{...ids}
								type="email"
								required
								autoComplete="off"
								value={email}
								onChange={(event) => setEmail(event.target.value)}
							/>
						)}
					</Field>
				</div>
				<Field label={t("inviteAs")}>
					{(ids) => (
						<Select {...ids} value={role} onChange={(event) => isRole(event.target.value) && setRole(event.target.value)}>
							{roles.map((one) => (
								<option key={one} value={one}>
									{roleName(one)}
								</option>
							))}
						</Select>
					)}
				</Field>
				<Button type="submit" look="primary" disabled={invite.isPending || email.trim() === ""}>
					{invite.isPending ? t("inviting") : t("inviteAct")}
				</Button>
				{email.trim() !== "" && <CopyCommand command={inviteCommand(email.trim(), role)} />}
			</form>
			<p className="text-faint text-xs">{t("noMail", { may: roleName(`may.${role}`) })}</p>
			{invite.isError && (
				<Notice role="alert" tone="failed" title={t("refused")}>
					{messageOf(invite.error)}
				</Notice>
			)}
			{invite.data !== undefined && (
				<Notice role="status" tone="healthy" title={t("invited", { email: invite.variables.email })}>
					<p>{t("linkOnce")}</p>
					<div className="mt-2 flex items-center gap-2 rounded-md border border-line bg-canvas py-1 pr-1 pl-3">
						<code data-testid="invitation-link" className="min-w-0 flex-1 font-mono text-ink text-xs break-all">
							{invite.data.link}
						</code>
						<CopyButton bare text={invite.data.link} label={t("copyLink")} />
					</div>
				</Notice>
			)}
		</div>
	);
}
