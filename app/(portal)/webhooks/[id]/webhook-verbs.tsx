"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Notice } from "@/components/notice";
import type { WebhookRow } from "@/server/views";
import { Refusal } from "../../../frame/problem";
import { useTRPC } from "../../../trpc/client";
import { webhookVerbCommand } from "../../../verbs/command";
import { VerbDialog } from "../../../verbs/verb-dialog";
import { ShownOnce } from "../shown-once";

/** Test, disable or enable, a new secret, remove. */
export function WebhookVerbs({ webhook: { id, name, standing } }: { webhook: WebhookRow }) {
	const t = useTranslations("webhooks");
	const trpc = useTRPC();
	const client = useQueryClient();
	const router = useRouter();
	const [asks, setAsks] = useState<"rotate" | "remove" | null>(null);
	const options = { onSettled: () => void client.invalidateQueries() };
	const test = useMutation(trpc.webhook.test.mutationOptions(options));
	const disable = useMutation(trpc.webhook.disable.mutationOptions(options));
	const enable = useMutation(trpc.webhook.enable.mutationOptions(options));
	const rotate = useMutation(trpc.webhook.rotate.mutationOptions(options));
	const remove = useMutation(trpc.webhook.remove.mutationOptions());
	const isDisabled = standing === "disabled";
	const failed = [test, disable, enable].find((one) => one.isError);
	const close = () => setAsks(null);
	const leave = () => remove.mutateAsync({ id }).then(() => router.push("/webhooks"));
	return (
		<div className="grid gap-3">
			<div className="flex flex-wrap gap-2">
				<Button look="primary" disabled={isDisabled || test.isPending} onClick={() => test.mutate({ id })}>
					{t("test")}
				</Button>
				{isDisabled ? (
					<Button disabled={enable.isPending} onClick={() => enable.mutate({ id })}>
						{t("enable")}
					</Button>
				) : (
					<Button disabled={disable.isPending} onClick={() => disable.mutate({ id })}>
						{t("disable")}
					</Button>
				)}
				<Button onClick={() => setAsks("rotate")}>{t("rotate")}</Button>
				<Button onClick={() => setAsks("remove")}>{t("remove")}</Button>
			</div>
			{failed?.error && (
				<Notice role="alert" tone="failed" title={t("notDone")}>
					<Refusal error={failed.error} />
				</Notice>
			)}
			{test.data !== undefined && <p role="status">{t("testOnItsWay")}</p>}
			{rotate.data !== undefined && <ShownOnce title={t("rotated")} secret={rotate.data.secret} />}
			{asks === "rotate" && (
				<VerbDialog
					title={t("rotateTitle", { name })}
					description={t("rotateIntro")}
					act={t("rotate")}
					look="primary"
					reason="none"
					command={() => webhookVerbCommand("rotate", name)}
					run={() => rotate.mutateAsync({ id })}
					onClose={close}
				/>
			)}
			{asks === "remove" && (
				<VerbDialog
					title={t("removeTitle", { name })}
					description={t("removeIntro")}
					act={t("remove")}
					look="danger"
					reason="none"
					command={() => webhookVerbCommand("remove", name)}
					run={leave}
					onClose={close}
				/>
			)}
		</div>
	);
}
