"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { Notice } from "@/components/notice";
import { Section } from "@/components/section";
import { Skeleton } from "@/components/skeleton";
import { importPath } from "@/domain/import/missing-manifest";
import { addressOf } from "../../frame/addresses";
import { PageHead } from "../../frame/page-head";
import { Problem, Refusal } from "../../frame/problem";
import { useTRPC } from "../../trpc/client";

/** The third way: a service that exists, here or elsewhere, and has no sluice.yaml yet. */
export function ImportRepository() {
	const t = useTranslations("create.import.choose");
	return (
		<div className="max-w-3xl">
			<PageHead title={t("title")} facts={t("intro")} />
			<div className="grid gap-8">
				<Here />
				<Elsewhere />
			</div>
		</div>
	);
}

function Here() {
	const t = useTranslations("create.import.choose");
	const repositories = useQuery(useTRPC().repository.list.queryOptions({ limit: 200 }));
	const free = repositories.data?.filter(({ service }) => service === null) ?? [];
	return (
		<Section title={t("here")}>
			{repositories.isError && <Problem query={repositories} />}
			{repositories.data === undefined ? (
				!repositories.isError && <Skeleton className="h-16" />
			) : free.length === 0 ? (
				<p className="text-soft text-sm">{t("none")}</p>
			) : (
				<ul className="grid gap-1.5 text-sm">
					{free.map(({ name, lastPipeline }) => (
						<li key={name}>
							<Link href={importPath(name)} className="text-accent underline">
								{t("open", { name })}
							</Link>
							{lastPipeline === null && <span className="ml-2 text-faint">{t("empty")}</span>}
						</li>
					))}
				</ul>
			)}
		</Section>
	);
}

function Elsewhere() {
	const t = useTranslations("create.import.choose");
	const trpc = useTRPC();
	const client = useQueryClient();
	const router = useRouter();
	const [address, setAddress] = useState("");
	const [name, setName] = useState("");
	const [isPrivate, setPrivate] = useState(false);
	const [username, setUsername] = useState("");
	const [password, setPassword] = useState("");
	const fetching = useMutation(
		trpc.import.fetch.mutationOptions({
			onSuccess: (row) => {
				setPassword("");
				void client.invalidateQueries();
				// With a sluice.yaml its first pipeline runs already.
				router.push(row.lastPipeline === null ? importPath(row.name) : addressOf.pipeline(row.lastPipeline));
			},
		}),
	);
	const isReady = address !== "" && (!isPrivate || (username !== "" && password !== ""));
	const submit = (event: FormEvent) => {
		event.preventDefault();
		const credentials = isPrivate ? { username, password } : null;
		if (isReady) fetching.mutate({ address, name: name === "" ? null : name, credentials });
	};
	const isBusy = fetching.isPending || fetching.isSuccess;
	return (
		<Section title={t("elsewhere")}>
			<form onSubmit={submit} className="grid max-w-xl gap-4">
				<p className="text-soft text-sm">{t("elsewhereHint")}</p>
				{fetching.isError && (
					<Notice role="alert" tone="failed" title={t("refused")}>
						<Refusal error={fetching.error} />
					</Notice>
				)}
				<Field label={t("address")} hint={t("addressHint")}>
					{(ids) => (
						<Input
							{...ids}
							type="url"
							value={address}
							onChange={(event) => setAddress(event.target.value.trim())}
							autoComplete="off"
							spellCheck={false}
							placeholder={t("addressExample")}
							className="font-mono"
						/>
					)}
				</Field>
				<Field label={t("name")} hint={t("nameHint")}>
					{(ids) => (
						<Input
							{...ids}
							value={name}
							onChange={(event) => setName(event.target.value.trim())}
							autoComplete="off"
							spellCheck={false}
							className="max-w-sm font-mono"
						/>
					)}
				</Field>
				<label className="flex items-center gap-2 text-sm">
					<input type="checkbox" checked={isPrivate} onChange={(event) => setPrivate(event.target.checked)} />
					{t("private")}
				</label>
				{isPrivate && (
					<>
						<Field label={t("username")} hint={t("usernameHint")}>
							{(ids) => (
								<Input
									{...ids}
									value={username}
									onChange={(event) => setUsername(event.target.value)}
									autoComplete="off"
									spellCheck={false}
									className="max-w-sm"
								/>
							)}
						</Field>
						<Field label={t("password")} hint={t("passwordHint")}>
							{(ids) => (
								<Input
									{...ids}
									type="password"
									value={password}
									onChange={(event) => setPassword(event.target.value)}
									autoComplete="off"
									className="max-w-sm"
								/>
							)}
						</Field>
					</>
				)}
				<div>
					<Button type="submit" look="primary" disabled={!isReady || isBusy}>
						{isBusy ? t("fetching") : t("fetch")}
					</Button>
				</div>
			</form>
		</Section>
	);
}
