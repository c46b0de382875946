"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Notice } from "@/components/notice";
import type { ReleaseRow, ServicePage } from "@/server/views";
import { addressOf } from "../../../frame/addresses";
import { messageOf } from "../../../frame/problem";
import { useTRPC } from "../../../trpc/client";
import { deployCommand } from "../../../verbs/command";
import { CopyCommand } from "../../../verbs/copy-command";

interface DeployDialogProps {
	page: ServicePage;
	release: ReleaseRow;
	environment: string;
	onClose(): void;
}

/** What runs now and what would run, then the act; afterwards the rollout's own page. */
export function DeployDialog({ page, release, environment, onClose }: DeployDialogProps) {
	const t = useTranslations("deploy");
	const router = useRouter();
	const deploy = useMutation(
		useTRPC().rollout.deploy.mutationOptions({ onSuccess: (rollout) => router.push(addressOf.rollout(rollout)) }),
	);
	const stable = page.environments.find((version) => version.environment === environment)?.stable ?? null;
	const names = { service: page.name, environment, number: release.number };
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
			{deploy.isError && (
				<Notice role="alert" tone="failed" title={t("refused")} className="mt-4">
					{messageOf(deploy.error)}
				</Notice>
			)}
			<div className="mt-5 flex flex-wrap justify-end gap-2">
				<CopyCommand command={deployCommand({ service: page.name, environment }, release.number)} />
				<Button onClick={onClose}>{t("cancel")}</Button>
				<Button
					look="primary"
					disabled={deploy.isPending || deploy.isSuccess}
					onClick={() => deploy.mutate({ service: page.name, release: release.number, environment })}
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
