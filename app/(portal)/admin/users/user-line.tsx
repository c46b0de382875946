"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Select } from "@/components/input";
import { Notice } from "@/components/notice";
import { Status } from "@/components/status";
import { Cell, Row } from "@/components/table";
import { TimeAgo } from "@/components/time-ago";
import { isRole, roles } from "@/domain/roles";
import type { UserRow } from "@/server/views";
import { messageOf } from "../../../frame/problem";
import { useTRPC } from "../../../trpc/client";
import { disableCommand } from "../../../verbs/command";
import { CopyCommand } from "../../../verbs/copy-command";

/** One person: their role is changed in place; what is not allowed the server says in a sentence. */
export function UserLine({ user, isMe }: { user: UserRow; isMe: boolean }) {
	const t = useTranslations("users");
	const roleName = useTranslations("role");
	const trpc = useTRPC();
	const client = useQueryClient();
	const onSuccess = () => void client.invalidateQueries();
	const setRole = useMutation(trpc.user.setRole.mutationOptions({ onSuccess }));
	const enable = useMutation(trpc.user.enable.mutationOptions({ onSuccess }));
	const { id, name, email } = user;
	const failed = [setRole, enable].find((one) => one.isError);
	return (
		<Row>
			<Cell>
				<p className="font-medium">
					{name} {isMe && <span className="font-normal text-faint text-xs">{t("you")}</span>}
				</p>
				<p className="text-faint text-xs">{email}</p>
				{failed !== undefined && (
					<p role="alert" className="text-failed text-xs">
						{messageOf(failed.error)}
					</p>
				)}
			</Cell>
			<Cell className="whitespace-nowrap">
				{isMe || user.disabledAt !== null ? (
					roleName(user.role)
				) : (
					<Select
						aria-label={t("roleOf", { name })}
						value={user.role}
						disabled={setRole.isPending}
						onChange={(event) => isRole(event.target.value) && setRole.mutate({ id, role: event.target.value })}
					>
						{roles.map((role) => (
							<option key={role} value={role}>
								{roleName(role)}
							</option>
						))}
					</Select>
				)}
			</Cell>
			<Cell className="whitespace-nowrap">
				{user.disabledAt !== null ? (
					<Status tone="stopped" label={t("disabled")} />
				) : user.seenAt === null ? (
					<span className="text-faint">{t("notSignedIn")}</span>
				) : (
					<TimeAgo at={user.seenAt} />
				)}
			</Cell>
			<Cell className="tabular">{user.tokens}</Cell>
			<Cell className="text-right">
				{user.disabledAt !== null ? (
					<Button size="small" disabled={enable.isPending} onClick={() => enable.mutate({ id })}>
						{t("enable", { name })}
					</Button>
				) : (
					!isMe && <Disable user={user} />
				)}
			</Cell>
		</Row>
	);
}

function Disable({ user }: { user: UserRow }) {
	const t = useTranslations("users");
	const client = useQueryClient();
	const [open, setOpen] = useState(false);
	const disable = useMutation(
		useTRPC().user.disable.mutationOptions({
			onSuccess: () => {
				setOpen(false);
				void client.invalidateQueries();
			},
		}),
	);
	const { id, name } = user;
	return (
		<>
			<Button size="small" onClick={() => setOpen(true)}>
				{t("disable", { name })}
			</Button>
			<Dialog open={open} onOpenChange={setOpen} title={t("disableTitle", { name })} description={t("disableDescription")}>
				{disable.isError && (
					<Notice role="alert" tone="failed" title={t("refused")} className="mb-3">
						{messageOf(disable.error)}
					</Notice>
				)}
				<div className="flex flex-wrap justify-end gap-2">
					<CopyCommand command={disableCommand(user.email)} />
					<Button onClick={() => setOpen(false)}>{t("keep")}</Button>
					<Button look="danger" disabled={disable.isPending} onClick={() => disable.mutate({ id })}>
						{t("disable", { name })}
					</Button>
				</div>
			</Dialog>
		</>
	);
}
