"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { Notice } from "@/components/notice";
import { isSlug } from "@/domain/names";
import type { RepositoryRow } from "@/server/views";
import { Refusal } from "../../frame/problem";
import { useTRPC } from "../../trpc/client";
import { createRepositoryCommand } from "../../verbs/command";
import { CopyCommand } from "../../verbs/copy-command";
import { PushSteps } from "./push-steps";

/** A name, then the commands that put the first service into it. */
export function CreateRepository() {
	const t = useTranslations("create");
	const trpc = useTRPC();
	const client = useQueryClient();
	const [name, setName] = useState("");
	const [made, setMade] = useState<RepositoryRow | null>(null);
	const existing = useQuery(trpc.repository.list.queryOptions({ search: name, limit: 200 }, { enabled: name !== "" })).data ?? [];
	const create = useMutation(
		trpc.repository.create.mutationOptions({
			onSuccess: (row) => {
				setMade(row);
				void client.invalidateQueries();
			},
		}),
	);
	const problem = problemOf(name, existing);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (name !== "" && problem === null) create.mutate({ name });
	};
	if (made !== null) {
		return (
			<div className="grid gap-4">
				<Notice role="status" tone="healthy" title={t("made", { name: made.name })} />
				<PushSteps repository={made} />
			</div>
		);
	}
	return (
		<form onSubmit={submit} className="grid gap-4">
			{create.isError && (
				<Notice role="alert" tone="failed" title={t("refused", { name })}>
					<Refusal error={create.error} />
				</Notice>
			)}
			<Field label={t("name")} hint={t("nameHint")} problem={problem === null ? null : t(`nameProblem.${problem}`, { name })}>
				{(ids) => (
					<Input
						{...ids}
						value={name}
						onChange={(event) => setName(event.target.value.trim())}
						autoComplete="off"
						spellCheck={false}
						placeholder={t("nameExample")}
						className="max-w-sm font-mono"
					/>
				)}
			</Field>
			<div className="flex flex-wrap gap-2">
				<Button type="submit" look="primary" disabled={name === "" || problem !== null || create.isPending}>
					{create.isPending ? t("making") : name === "" ? t("submit") : t("submitNamed", { name })}
				</Button>
				{name !== "" && problem === null && <CopyCommand command={createRepositoryCommand(name)} />}
			</div>
		</form>
	);
}

function problemOf(name: string, existing: readonly RepositoryRow[]): "form" | "taken" | null {
	if (name === "") return null;
	if (!isSlug(name)) return "form";
	return existing.some((repository) => repository.name === name) ? "taken" : null;
}
