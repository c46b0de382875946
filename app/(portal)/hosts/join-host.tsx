"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { CommandLine } from "@/components/command-line";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { Notice } from "@/components/notice";
import { isSlug } from "@/domain/names";
import { Refusal } from "../../frame/problem";
import { useTRPC } from "../../trpc/client";

/** A name, then the command to run on the new machine. */
export function JoinHost() {
	const t = useTranslations("hosts");
	const [name, setName] = useState("");
	const [gateway, setGateway] = useState(false);
	const make = useMutation(useTRPC().host.createJoinToken.mutationOptions());
	const bad = name !== "" && !isSlug(name);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (name !== "" && !bad) make.mutate({ name, roles: gateway ? ["gateway", "node"] : ["node"] });
	};
	return (
		<form onSubmit={submit} className="grid max-w-xl gap-3">
			<Field label={t("joinName")} problem={bad ? t("joinProblem", { name }) : null}>
				{(ids) => (
					<Input
						{...ids}
						value={name}
						onChange={(event) => setName(event.target.value.trim())}
						autoComplete="off"
						spellCheck={false}
						className="max-w-xs font-mono"
					/>
				)}
			</Field>
			<label className="flex items-center gap-2 text-sm">
				<input
					type="checkbox"
					checked={gateway}
					onChange={(event) => setGateway(event.target.checked)}
					className="size-4 accent-accent-solid"
				/>
				{t("joinGateway")}
			</label>
			<div>
				<Button type="submit" disabled={name === "" || bad || make.isPending}>
					{make.isPending ? t("joinMaking") : t("joinMake")}
				</Button>
			</div>
			{make.isError && (
				<Notice role="alert" tone="failed" title={t("joinRefused")}>
					<Refusal error={make.error} />
				</Notice>
			)}
			{make.data !== undefined && (
				<div>
					<p className="mb-1.5">{t("joinRun", { name: make.variables.name })}</p>
					<CommandLine commands={[make.data.command]} />
				</div>
			)}
		</form>
	);
}
