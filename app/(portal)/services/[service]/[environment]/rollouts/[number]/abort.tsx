"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { TextArea } from "@/components/input";
import { Notice } from "@/components/notice";
import type { RolloutPage } from "@/server/views";
import { messageOf } from "../../../../../../frame/problem";
import { useTRPC } from "../../../../../../trpc/client";

/** Returns all traffic to the stable release. Asks why, and keeps the answer. */
export function Abort({ rollout }: { rollout: RolloutPage }) {
	const t = useTranslations("rollout.abort");
	const trpc = useTRPC();
	const client = useQueryClient();
	const [open, setOpen] = useState(false);
	const [reason, setReason] = useState("");
	const { service, environment, number } = rollout;
	const abort = useMutation(
		trpc.rollout.abort.mutationOptions({
			onSuccess: () => {
				setOpen(false);
				void client.invalidateQueries();
			},
		}),
	);
	const command = `./sluice abort ${service} --env ${environment} --reason ${quoted(reason.trim())}`;
	return (
		<>
			<Button look="danger" disabled={abort.isPending || abort.isSuccess} onClick={() => setOpen(true)}>
				{abort.isPending || abort.isSuccess ? t("pending") : t("button")}
			</Button>
			<Dialog
				open={open}
				onOpenChange={setOpen}
				title={t("title", { service, environment, number })}
				description={
					rollout.from === null ? t("withdraw", { to: rollout.to }) : t("return", { from: rollout.from, to: rollout.to })
				}
			>
				<Field label={t("reason")} hint={t("reasonHint")}>
					{(ids) => <TextArea {...ids} rows={3} value={reason} onChange={(event) => setReason(event.target.value)} />}
				</Field>
				{abort.isError && (
					<Notice role="alert" tone="failed" title={t("refused")} className="mt-3">
						{messageOf(abort.error)}
					</Notice>
				)}
				<div className="mt-4 flex flex-wrap justify-end gap-2">
					<CopyButton text={command} label={t("copyCli")} />
					<Button onClick={() => setOpen(false)}>{t("cancel")}</Button>
					<Button
						look="danger"
						disabled={reason.trim() === "" || abort.isPending}
						onClick={() => abort.mutate({ service, environment, number, reason: reason.trim() })}
					>
						{abort.isPending ? t("pending") : t("act", { service, number })}
					</Button>
				</div>
			</Dialog>
		</>
	);
}

/** One word of a POSIX shell, whatever was typed. */
function quoted(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
