"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { TextArea } from "@/components/input";
import { Notice } from "@/components/notice";
import type { ReleaseRow, RunningVersion } from "@/server/views";
import { addressOf } from "../../../frame/addresses";
import { Refusal } from "../../../frame/problem";
import { useSaid } from "../../../i18n/said/use-said";
import { useTRPC } from "../../../trpc/client";
import { deployCommand, overrideCommand } from "../../../verbs/command";
import { CopyCommand } from "../../../verbs/copy-command";

interface DeployDialogProps {
	service: string;
	release: ReleaseRow;
	/** Where it would go, and what is there now. */
	version: RunningVersion;
	onClose(): void;
}

/** What runs now and what would run, then the act; afterwards the rollout's own page. A freeze keeps it shut, but for an administrator with a reason. */
export function DeployDialog({ service, release, version, onClose }: DeployDialogProps) {
	const t = useTranslations("deploy");
	const said = useSaid();
	const router = useRouter();
	const deploy = useMutation(
		useTRPC().rollout.deploy.mutationOptions({ onSuccess: (rollout) => router.push(addressOf.rollout(rollout)) }),
	);
	const me = useQuery(useTRPC().session.me.queryOptions()).data;
	const [written, setWritten] = useState("");
	const { stable, environment, frozen } = version;
	const names = { service, environment, number: release.number };
	const reason = written.trim();
	const isOverriding = frozen !== null && me?.role === "admin";
	const isKeptOut = frozen !== null && !(isOverriding && reason !== "");
	const where = { service, environment };
	return (
		<Dialog open onOpenChange={onClose} title={t("title", names)} description={t("description", names)}>
			<dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
				<dt className="text-faint">{t("now")}</dt>
				<dd>{stable === null ? t("nothing") : <Described release={stable} />}</dd>
				<dt className="text-faint">{t("then")}</dt>
				<dd>
					<Described release={release} />
				</dd>
			</dl>
			{frozen !== null && (
				<Notice tone="waiting" title={said(frozen.sentence)} className="mt-4">
					{isOverriding ? t("override") : t("frozen")}
				</Notice>
			)}
			{isOverriding && (
				<div className="mt-3">
					<Field label={t("overrideReason")}>
						{(ids) => (
							<TextArea {...ids} rows={2} maxLength={500} value={written} onChange={(event) => setWritten(event.target.value)} />
						)}
					</Field>
				</div>
			)}
			{deploy.isError && (
				<Notice role="alert" tone="failed" title={t("refused")} className="mt-4">
					<Refusal error={deploy.error} />
				</Notice>
			)}
			<div className="mt-5 flex flex-wrap justify-end gap-2">
				<CopyCommand
					command={isOverriding ? overrideCommand(where, release.number, reason) : deployCommand(where, release.number)}
				/>
				<Button onClick={onClose}>{t("cancel")}</Button>
				<Button
					look="primary"
					disabled={isKeptOut || deploy.isPending || deploy.isSuccess}
					onClick={() =>
						deploy.mutate({ ...where, release: release.number, ...(isOverriding ? { overrideFreeze: reason } : {}) })
					}
				>
					{deploy.isPending || deploy.isSuccess ? t("pending") : t("act", names)}
				</Button>
			</div>
		</Dialog>
	);
}

function Described({ release }: { release: ReleaseRow }) {
	const t = useTranslations("deploy");
	return (
		<>
			<span className="font-medium">{t("release", { number: release.number })}</span>
			{release.commitMessage !== null && <span className="block text-soft text-sm">{release.commitMessage}</span>}
			<span className="block font-mono text-faint text-xs">{release.digest.slice(0, 19)}</span>
		</>
	);
}
