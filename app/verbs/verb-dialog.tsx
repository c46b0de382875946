"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { Input, TextArea } from "@/components/input";
import { Notice } from "@/components/notice";
import { Refusal } from "../frame/problem";

interface VerbDialogProps {
	title: string;
	description: string;
	/** The button that does it: names the act and the thing. */
	act: string;
	look: "primary" | "danger";
	reason: "required" | "optional" | "none";
	/** What must be typed before it can be done; null = nothing. */
	typed?: string | null;
	/** What else has to be right. */
	isReady?: boolean;
	/** The same act as a command; null = the command line has none. */
	command(reason: string): string | null;
	run(reason: string): Promise<unknown>;
	onClose(): void;
	children?: ReactNode;
}

/** Says what an act will do, asks why where a reason is kept, and stays with the refusal when it is refused. */
export function VerbDialog(props: VerbDialogProps) {
	const { title, description, act, look, reason: asks, typed = null, isReady = true, command, run, onClose, children } = props;
	const t = useTranslations("verbs");
	const client = useQueryClient();
	const [written, setWritten] = useState("");
	const [name, setName] = useState("");
	const reason = written.trim();
	const said = useMutation({
		mutationFn: () => run(reason),
		onSuccess: () => {
			onClose();
			return client.invalidateQueries();
		},
	});
	const isComplete = isReady && (asks !== "required" || reason !== "") && (typed === null || name === typed);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (isComplete && !said.isPending) said.mutate();
	};
	const copied = command(reason);
	return (
		<Dialog open onOpenChange={onClose} title={title} description={description}>
			<form onSubmit={submit} className="grid gap-3">
				{children}
				{asks !== "none" && (
					<Field label={asks === "required" ? t("reason") : t("reasonOptional")} hint={t("reasonHint")}>
						{(ids) => (
							<TextArea {...ids} rows={2} maxLength={500} value={written} onChange={(event) => setWritten(event.target.value)} />
						)}
					</Field>
				)}
				{typed !== null && (
					<Field label={t("typed", { name: typed })}>
						{(ids) => <Input {...ids} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />}
					</Field>
				)}
				{said.isError && (
					<Notice role="alert" tone="failed" title={t("refused")}>
						<Refusal error={said.error} />
					</Notice>
				)}
				<div className="mt-1 flex flex-wrap justify-end gap-2">
					{copied !== null && <CopyButton text={copied} label={t("copyCli")} />}
					<Button onClick={onClose}>{t("cancel")}</Button>
					<Button type="submit" look={look} disabled={!isComplete || said.isPending}>
						{said.isPending ? t("pending") : act}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}
