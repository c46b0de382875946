"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Dialog } from "@/components/dialog";
import { Notice } from "@/components/notice";
import { Skeleton } from "@/components/skeleton";
import { useAbsoluteTime } from "@/components/time-ago";
import type { WebhookDeliveryPage } from "@/server/views";
import { Problem, Refusal } from "../../frame/problem";
import { Said } from "../../i18n/said/said";
import { DeliveryStatus } from "../../status/webhook-words";
import { useTRPC } from "../../trpc/client";

/** One delivery: what was sent, each try with its answer, and "send again". */
export function Delivery({ id, onClose }: { id: string; onClose(): void }) {
	const t = useTranslations("webhooks");
	const found = useQuery(useTRPC().webhook.delivery.queryOptions({ delivery: id }));
	return (
		<Dialog open onOpenChange={onClose} title={t("delivery")} description={id}>
			{found.isError && <Problem query={found} />}
			{found.data === undefined && !found.isError && <Skeleton className="h-40" />}
			{found.data !== undefined && <DeliveryFacts delivery={found.data} />}
		</Dialog>
	);
}

function DeliveryFacts({ delivery }: { delivery: WebhookDeliveryPage }) {
	const t = useTranslations("webhooks");
	const absolute = useAbsoluteTime();
	const client = useQueryClient();
	const again = useMutation(useTRPC().webhook.redeliver.mutationOptions({ onSettled: () => void client.invalidateQueries() }));
	const { state, reason, nextAt, attempts, body } = delivery;
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] gap-4">
			<div className="grid gap-1">
				<DeliveryStatus state={state} />
				{reason !== null && (
					<p className="text-soft text-sm break-words">
						<Said text={reason} />
					</p>
				)}
				{nextAt !== null && <p className="text-faint text-xs">{t("next", { at: absolute(nextAt) })}</p>}
			</div>
			<Attempts attempts={attempts} />
			{body !== null && (
				<div>
					<p className="mb-1 font-medium text-sm">{t("sent")}</p>
					<pre
						// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
						tabIndex={0}
						className="max-h-56 overflow-auto rounded-md border border-line bg-sunken p-2 font-mono text-xs"
					>
						{JSON.stringify(JSON.parse(body), null, 2)}
					</pre>
				</div>
			)}
			{again.isError && (
				<Notice role="alert" tone="failed" title={t("notAgain")}>
					<Refusal error={again.error} />
				</Notice>
			)}
			<div className="flex flex-wrap justify-end gap-2">
				<CopyButton text={`./sluice webhook redeliver ${delivery.id}`} label={t("copyCli")} />
				<Button
					look="primary"
					disabled={again.isPending || state === "ignored"}
					onClick={() => again.mutate({ delivery: delivery.id })}
				>
					{delivery.hook === null ? t("sendAgain") : t("fetchAgain")}
				</Button>
			</div>
		</div>
	);
}

function Attempts({ attempts }: { attempts: WebhookDeliveryPage["attempts"] }) {
	const t = useTranslations("webhooks");
	const absolute = useAbsoluteTime();
	if (attempts.length === 0) return <p className="text-faint">{t("noTry")}</p>;
	return (
		<ol aria-label={t("attempts")} className="grid gap-2">
			{attempts.map(({ number, at, status, durationMs, problem, answer }) => (
				<li key={number} className="rounded-md border border-line px-3 py-2 text-sm">
					<p className="flex flex-wrap gap-x-3">
						<span className="font-medium">{t("try", { number })}</span>
						<span>{status === null ? t("noStatus") : t("status", { status })}</span>
						<span className="text-faint">{t("took", { ms: durationMs })}</span>
						<span className="text-faint">{absolute(at)}</span>
					</p>
					{problem !== null && (
						<p className="mt-1 text-failed break-words">
							<Said text={problem} />
						</p>
					)}
					{answer !== "" && <p className="mt-1 font-mono text-soft text-xs break-all whitespace-pre-wrap">{answer}</p>}
				</li>
			))}
		</ol>
	);
}
