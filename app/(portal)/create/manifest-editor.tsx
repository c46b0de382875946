"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Notice } from "@/components/notice";
import { Section } from "@/components/section";
import type { ImportPage } from "@/server/views";
import { addressOf } from "../../frame/addresses";
import { Refusal } from "../../frame/problem";
import { useTRPC } from "../../trpc/client";
import { useCheck } from "./manifest-check";
import { ManifestText } from "./manifest-text";

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
				<ManifestText
					proposed={page.proposal.manifest}
					edited={edited}
					editedTitle={t("edited")}
					check={check}
					onEdit={setEdited}
				/>
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
