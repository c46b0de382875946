"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Notice } from "@/components/notice";
import { Tooltip } from "@/components/tooltip";
import type { ScaffoldPage } from "@/server/views";
import { Refusal } from "../../../frame/problem";
import { useSaid } from "../../../i18n/said/use-said";
import { useTRPC } from "../../../trpc/client";
import { cancelCreationCommand } from "../../../verbs/command";
import { CopyCommand } from "../../../verbs/copy-command";

/** Takes away what was made; when that is not allowed any more, the button says why. */
export function CancelCreation({ page }: { page: ScaffoldPage }) {
	const t = useTranslations("create.run");
	const said = useSaid();
	const client = useQueryClient();
	const [open, setOpen] = useState(false);
	const { name } = page;
	const cancel = useMutation(
		useTRPC().scaffold.cancel.mutationOptions({
			onSuccess: () => {
				setOpen(false);
				void client.invalidateQueries();
			},
		}),
	);
	if (page.verbs.cancel !== null) {
		return (
			<Tooltip text={said(page.verbs.cancel)}>
				<span>
					<Button disabled>{t("cancel")}</Button>
				</span>
			</Tooltip>
		);
	}
	return (
		<>
			<Button onClick={() => setOpen(true)}>{t("cancel")}</Button>
			<Dialog open={open} onOpenChange={setOpen} title={t("cancelTitle", { name })} description={t("cancelDescription")}>
				{cancel.isError && (
					<Notice role="alert" tone="failed" title={t("cancelRefused")} className="mb-3">
						<Refusal error={cancel.error} />
					</Notice>
				)}
				<div className="flex flex-wrap justify-end gap-2">
					<CopyCommand command={cancelCreationCommand(name)} />
					<Button onClick={() => setOpen(false)}>{t("goOn")}</Button>
					<Button look="danger" disabled={cancel.isPending} onClick={() => cancel.mutate({ name })}>
						{t("cancelAct", { name })}
					</Button>
				</div>
			</Dialog>
		</>
	);
}
