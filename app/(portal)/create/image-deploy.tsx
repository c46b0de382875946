"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Notice } from "@/components/notice";
import { Section } from "@/components/section";
import { addressOf } from "../../frame/addresses";
import { Refusal } from "../../frame/problem";
import { useTRPC } from "../../trpc/client";
import { useCheck } from "./manifest-check";
import { ManifestText } from "./manifest-text";

/** The proposal as text to edit, checked while it is written, and the deploy. Its first edit takes it out of the form's hands. */
export function ImageDeploy({ proposed }: { proposed: string }) {
	const t = useTranslations("create.image");
	const imported = useTranslations("create.import");
	const client = useQueryClient();
	const router = useRouter();
	const [edited, setEdited] = useState<string | null>(null);
	const manifest = edited ?? proposed;
	const check = useCheck(manifest);
	const deploy = useMutation(
		useTRPC().rollout.deploy.mutationOptions({
			onSuccess: (rollout) => {
				void client.invalidateQueries();
				router.push(addressOf.rollout(rollout));
			},
		}),
	);
	const isBusy = deploy.isPending || deploy.isSuccess;
	const service = check?.service ?? null;
	return (
		<Section title={imported("manifest")} aside={t("manifestHint")}>
			<div className="grid gap-3">
				<ManifestText proposed={proposed} edited={edited} editedTitle={t("edited")} check={check} onEdit={setEdited} />
				{/\n {2}recreate: /.test(manifest) && <p className="text-soft text-sm">{t("downtime")}</p>}
				{deploy.isError && (
					<Notice role="alert" tone="failed" title={t("refused")}>
						<p className="whitespace-pre-line">
							<Refusal error={deploy.error} />
						</p>
						{service !== null && (
							<Link
								href={`/services/${encodeURIComponent(service)}?tab=configuration&environment=staging`}
								className="text-accent underline"
							>
								{t("toConfiguration")}
							</Link>
						)}
					</Notice>
				)}
				<div>
					<Button
						look="primary"
						disabled={isBusy || service === null}
						onClick={() => deploy.mutate({ manifest, file: "sluice.yaml", environment: "staging" })}
					>
						{isBusy ? t("deploying") : t("deploy")}
					</Button>
				</div>
			</div>
		</Section>
	);
}
