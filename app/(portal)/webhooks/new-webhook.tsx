"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { Notice } from "@/components/notice";
import { eventTypes } from "@/domain/webhook/event";
import { addressOf } from "../../frame/addresses";
import { Refusal } from "../../frame/problem";
import { useTRPC } from "../../trpc/client";
import { webhookCommand } from "../../verbs/command";
import { ShownOnce } from "./shown-once";

type NamedType = (typeof eventTypes)[number];

/** A name, an address and which events; then the secret, shown once. */
export function NewWebhook({ onClose }: { onClose(): void }) {
	const t = useTranslations("webhooks");
	const client = useQueryClient();
	const [name, setName] = useState("");
	const [address, setAddress] = useState("");
	const [types, setTypes] = useState<readonly NamedType[]>([]);
	const [services, setServices] = useState("");
	const create = useMutation(useTRPC().webhook.create.mutationOptions({ onSuccess: () => void client.invalidateQueries() }));
	const wish = { name: name.trim(), address: address.trim(), types: [...types], services: wordsOf(services) };
	const isComplete = wish.name !== "" && wish.address !== "";
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (isComplete && !create.isPending) create.mutate(wish);
	};
	if (create.data !== undefined) {
		return (
			<Dialog open onOpenChange={onClose} title={t("new")} description={t("newDone")}>
				<ShownOnce title={t("made", { name: create.variables.name })} secret={create.data.secret} />
				<div className="mt-4 flex flex-wrap items-center justify-end gap-3">
					<Link href={addressOf.webhook(create.data.id)} className="text-accent underline">
						{t("openIt")}
					</Link>
					<Button look="primary" onClick={onClose}>
						{t("done")}
					</Button>
				</div>
			</Dialog>
		);
	}
	return (
		<Dialog open onOpenChange={onClose} title={t("new")} description={t("newIntro")}>
			<form onSubmit={submit} className="grid gap-3">
				<Field label={t("name")}>
					{(ids) => (
						<Input
							{...ids}
							value={name}
							maxLength={100}
							autoComplete="off"
							placeholder={t("nameExample")}
							onChange={(event) => setName(event.target.value)}
						/>
					)}
				</Field>
				<Field label={t("address")} hint={t("addressHint")}>
					{(ids) => (
						<Input
							{...ids}
							type="url"
							value={address}
							maxLength={1_000}
							autoComplete="off"
							spellCheck={false}
							className="font-mono"
							onChange={(event) => setAddress(event.target.value)}
						/>
					)}
				</Field>
				<EventTypes chosen={types} onChange={setTypes} />
				<Field label={t("services")} hint={t("servicesHint")}>
					{(ids) => <Input {...ids} value={services} autoComplete="off" onChange={(event) => setServices(event.target.value)} />}
				</Field>
				{create.isError && (
					<Notice role="alert" tone="failed" title={t("refused")}>
						<Refusal error={create.error} />
					</Notice>
				)}
				<div className="mt-1 flex flex-wrap justify-end gap-2">
					{isComplete && <CopyButton text={webhookCommand(wish)} label={t("copyCli")} />}
					<Button onClick={onClose}>{t("cancel")}</Button>
					<Button type="submit" look="primary" disabled={!isComplete || create.isPending}>
						{create.isPending ? t("making") : t("make")}
					</Button>
				</div>
			</form>
		</Dialog>
	);
}

function EventTypes({ chosen, onChange }: { chosen: readonly NamedType[]; onChange(types: readonly NamedType[]): void }) {
	const t = useTranslations("webhooks");
	const toggled = (type: NamedType) => (chosen.includes(type) ? chosen.filter((one) => one !== type) : [...chosen, type]);
	return (
		<fieldset className="grid min-w-0 gap-1">
			<legend className="mb-1 font-medium text-sm">{t("onlyEvents")}</legend>
			<div className="grid max-h-40 gap-1 overflow-y-auto rounded-md border border-line px-2.5 py-2">
				{eventTypes.map((type) => (
					<label key={type} className="flex items-center gap-2 font-mono text-xs">
						<input
							type="checkbox"
							checked={chosen.includes(type)}
							onChange={() => onChange(toggled(type))}
							className="size-4 shrink-0 accent-accent-solid"
						/>
						<span className="min-w-0 break-all">{type}</span>
					</label>
				))}
			</div>
			<p className="text-faint text-xs">{t("onlyEventsHint")}</p>
		</fieldset>
	);
}

/** Words parted by spaces or commas. */
function wordsOf(text: string): string[] {
	return text.split(/[\s,]+/).filter((word) => word !== "");
}
