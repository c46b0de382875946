"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Notice } from "@/components/notice";
import { Tooltip } from "@/components/tooltip";
import type { HostRow } from "@/server/views";
import { Refusal } from "../../frame/problem";
import { useSaid } from "../../i18n/said/use-said";
import { useTRPC } from "../../trpc/client";
import { hostCommand } from "../../verbs/command";
import { CopyCommand } from "../../verbs/copy-command";

type Verb = "drain" | "undrain" | "remove";

/** What a person may do with a host; a verb that is not allowed now says why. */
export function HostVerbs({ host }: { host: HostRow }) {
	const trpc = useTRPC();
	const drain = useMutation(trpc.host.drain.mutationOptions());
	const undrain = useMutation(trpc.host.undrain.mutationOptions());
	const remove = useMutation(trpc.host.remove.mutationOptions());
	// Silent with instances: only a person's word that the machine is gone removes it, and the dialog says so.
	const force = host.verbs.remove !== null;
	const name = { host: host.name };
	return (
		<div className="ml-auto flex flex-wrap gap-2">
			{host.verbs.undrain === null ? (
				<HostVerb host={host} verb="undrain" refusal={null} act={() => undrain.mutateAsync(name)} />
			) : (
				<HostVerb host={host} verb="drain" refusal={host.verbs.drain} act={() => drain.mutateAsync(name)} />
			)}
			<HostVerb
				host={host}
				verb="remove"
				warning={force ? host.verbs.remove : null}
				refusal={host.verbs.forceRemove}
				act={() => remove.mutateAsync({ ...name, force })}
			/>
		</div>
	);
}

interface HostVerbProps {
	host: HostRow;
	verb: Verb;
	refusal: string | null;
	warning?: string | null;
	act(): Promise<unknown>;
}

function HostVerb({ host, verb, refusal, warning = null, act }: HostVerbProps) {
	const t = useTranslations("hosts.verbs");
	const said = useSaid();
	const client = useQueryClient();
	const [open, setOpen] = useState(false);
	const run = useMutation({
		mutationFn: act,
		onSuccess: () => {
			setOpen(false);
			return client.invalidateQueries();
		},
	});
	const look = verb === "remove" ? "danger" : "primary";
	if (refusal !== null)
		return (
			<Tooltip text={said(refusal)}>
				<span>
					<Button size="small" disabled>
						{t(`${verb}.button`)}
					</Button>
				</span>
			</Tooltip>
		);
	return (
		<>
			<Button size="small" onClick={() => setOpen(true)}>
				{t(`${verb}.button`)}
			</Button>
			<Dialog
				open={open}
				onOpenChange={setOpen}
				title={t(`${verb}.title`, { host: host.name })}
				description={t(`${verb}.description`, { count: host.instanceCount })}
			>
				{warning !== null && <Notice tone="degraded" title={said(warning)} />}
				{run.isError && (
					<Notice role="alert" tone="failed" title={t("refused")} className="mt-3">
						<Refusal error={run.error} />
					</Notice>
				)}
				<div className="mt-4 flex flex-wrap justify-end gap-2">
					<CopyCommand command={hostCommand(verb, host.name, warning !== null)} />
					<Button onClick={() => setOpen(false)}>{t("cancel")}</Button>
					<Button look={look} disabled={run.isPending} onClick={() => run.mutate()}>
						{run.isPending ? t("pending") : t(`${verb}.act`, { host: host.name })}
					</Button>
				</div>
			</Dialog>
		</>
	);
}
