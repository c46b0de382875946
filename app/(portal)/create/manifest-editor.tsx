"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "@/components/button";
import { TextArea } from "@/components/input";
import { Notice } from "@/components/notice";
import { Section } from "@/components/section";
import type { ImportPage, ManifestCheck } from "@/server/views";
import { addressOf } from "../../frame/addresses";
import { Refusal } from "../../frame/problem";
import { useSaid } from "../../i18n/said/use-said";
import { useTRPC } from "../../trpc/client";

/** The proposal as text to edit, checked while it is written, and the commit. Its first edit takes it out of the answers' hands. */
export function ManifestEditor({ page, open }: { page: ImportPage; open: number }) {
	const t = useTranslations("create.import");
	const trpc = useTRPC();
	const client = useQueryClient();
	const router = useRouter();
	const [edited, setEdited] = useState<string | null>(null);
	const manifest = edited ?? page.proposal.manifest;
	const check = useCheck(manifest);
	const { repository, branch, commit: base } = page;
	const commit = useMutation(
		trpc.import.commit.mutationOptions({
			onSuccess: (pipeline) => {
				void client.invalidateQueries();
				router.push(addressOf.pipeline(pipeline));
			},
		}),
	);
	const isBusy = commit.isPending || commit.isSuccess;
	const isRefused = page.hasManifest || (page.refusal !== null && edited === null);
	const label = open === 0 || edited !== null ? t("commit", { branch }) : t("commitOpen", { branch, count: open });
	return (
		<Section title={t("manifest")} aside={t("commitHint")}>
			<div className="grid gap-3">
				{edited !== null && (
					<Notice
						tone="stopped"
						title={t("edited")}
						actions={
							<Button size="small" onClick={() => setEdited(null)}>
								{t("reset")}
							</Button>
						}
					/>
				)}
				<TextArea
					aria-label={t("manifest")}
					aria-describedby="manifest-check"
					aria-invalid={check !== null && check.problems.length > 0 ? true : undefined}
					value={manifest}
					onChange={(event) => setEdited(event.target.value)}
					rows={Math.min(40, Math.max(16, manifest.split("\n").length))}
					spellCheck={false}
					wrap="off"
					className="font-mono text-xs leading-5"
				/>
				<div id="manifest-check" role="status">
					<Checked check={check} />
				</div>
				{commit.isError && (
					<Notice role="alert" tone="failed" title={t("commitRefused")}>
						<p className="whitespace-pre-line">
							<Refusal error={commit.error} />
						</p>
					</Notice>
				)}
				<div>
					<Button
						look="primary"
						disabled={isRefused || isBusy || check === null || check.problems.length > 0}
						onClick={() => commit.mutate({ repository, base, manifest })}
					>
						{isBusy ? t("committing") : label}
					</Button>
				</div>
			</div>
		</Section>
	);
}

function Checked({ check }: { check: ManifestCheck | null }) {
	const t = useTranslations("create.import");
	const said = useSaid();
	if (check === null) return <p className="text-faint text-sm">{t("checking")}</p>;
	if (check.service !== null) return <p className="text-healthy text-sm">{t("valid", { service: check.service })}</p>;
	return (
		<Notice tone="failed" title={t("problems", { count: check.problems.length })}>
			<ul className="font-mono text-xs">
				{check.problems.map(({ file, line, column, message }) => (
					<li key={`${line}:${column}:${message}`}>{`${file}:${line}:${column}: ${said(message)}`}</li>
				))}
			</ul>
		</Notice>
	);
}

/** A person pauses about so long between words. */
const pauseMs = 300;

/** What the server says of this text; null = not yet. */
function useCheck(manifest: string): ManifestCheck | null {
	const trpc = useTRPC();
	const { mutate, data, variables } = useMutation(trpc.import.check.mutationOptions());
	useEffect(() => {
		const timer = setTimeout(() => mutate({ manifest }), pauseMs);
		return () => clearTimeout(timer);
	}, [manifest, mutate]);
	return data !== undefined && variables?.manifest === manifest ? data : null;
}
