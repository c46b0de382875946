"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { Notice } from "@/components/notice";
import type { ConfigDifference, ConfigPage } from "@/server/views";
import { messageOf } from "../../../../frame/problem";
import { useTRPC } from "../../../../trpc/client";
import { configCommands } from "../../../../verbs/command";
import { CopyCommand } from "../../../../verbs/copy-command";
import { Differences } from "./differences";
import { changesOf, type Draft, type DraftLine, linesOf } from "./draft";

interface SaveDialogProps {
	config: ConfigPage;
	draft: Draft;
	onClose(): void;
	/** With why no release runs with it; null = one does. */
	onSaved(reason: string | null): void;
}

/** All changes at once and why, then the act. */
export function SaveDialog({ config, draft, onClose, onSaved }: SaveDialogProps) {
	const t = useTranslations("configuration");
	const client = useQueryClient();
	const [comment, setComment] = useState("");
	const { service, environment, version } = config;
	const save = useMutation(
		useTRPC().config.set.mutationOptions({
			onSuccess: async ({ reason }) => {
				await client.invalidateQueries();
				onSaved(reason);
				onClose();
			},
		}),
	);
	const names = { service, environment, version: version + 1 };
	return (
		<Dialog open onOpenChange={onClose} title={t("saveTitle", names)} description={t("saveDescription", names)}>
			<div className="max-h-[45vh] overflow-y-auto">
				<Differences differences={linesOf(config.entries, draft).flatMap(differenceOf)} />
			</div>
			<div className="mt-4">
				<Field label={t("comment")} hint={t("commentHint")}>
					{(ids) => <Input {...ids} maxLength={500} value={comment} onChange={(event) => setComment(event.target.value)} />}
				</Field>
			</div>
			{save.isError && (
				<Notice role="alert" tone="failed" title={t("refused")} className="mt-4">
					{messageOf(save.error)}
				</Notice>
			)}
			<div className="mt-5 flex flex-wrap justify-end gap-2">
				<CopyCommand command={configCommands(config, changesOf(draft), comment)} />
				<Button onClick={onClose}>{t("cancel")}</Button>
				<Button
					look="primary"
					disabled={save.isPending || save.isSuccess}
					onClick={() => save.mutate({ service, environment, base: version, changes: changesOf(draft), comment })}
				>
					{save.isPending || save.isSuccess ? t("saving") : t("save", names)}
				</Button>
			</div>
		</Dialog>
	);
}

function differenceOf({ name, entry, change }: DraftLine): ConfigDifference[] {
	if (change === null) return [];
	if (change.kind === "remove") return [{ name, change: "removed", before: entry, after: null }];
	const isSecret = change.kind === "secret";
	const after = { name, kind: change.kind, value: isSecret ? null : change.value, secret: null };
	return [{ name, change: entry === null ? "added" : "changed", before: entry, after }];
}
