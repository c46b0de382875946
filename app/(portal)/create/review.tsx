"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Notice } from "@/components/notice";
import { Section } from "@/components/section";
import { Skeleton } from "@/components/skeleton";
import type { TemplateValues } from "@/domain/template/model";
import type { TemplatePreview, TemplateRow } from "@/server/views";
import { addressOf } from "../../frame/addresses";
import { Problem, Refusal } from "../../frame/problem";
import { useTRPC } from "../../trpc/client";
import { commandOf } from "./command";
import { FileView } from "./file-view";

interface ReviewProps {
	template: TemplateRow;
	values: TemplateValues;
	onBack(): void;
}

/** What will be made and where; nothing is made before the button. Pressed twice it is the same run. */
export function Review({ template, values, onBack }: ReviewProps) {
	const t = useTranslations("create.review");
	const router = useRouter();
	const trpc = useTRPC();
	const [requestId] = useState(newRequestId);
	const preview = useQuery(trpc.template.preview.queryOptions({ template: template.name, values }));
	const start = useMutation(
		trpc.scaffold.start.mutationOptions({ onSuccess: ({ name }) => router.push(addressOf.creation(name)) }),
	);
	const name = String(values.name);
	const command = commandOf(template, values);
	const isBusy = start.isPending || start.isSuccess;
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] gap-6">
			{preview.isError && <Problem query={preview} />}
			{preview.data !== undefined && preview.data.taken !== null && (
				<Notice role="alert" tone="failed" title={t(`taken.${preview.data.taken}`, { name })} />
			)}
			{start.isError && (
				<Notice role="alert" tone="failed" title={t("refused", { name })}>
					<Refusal error={start.error} />
				</Notice>
			)}
			{preview.data === undefined ? !preview.isError && <Skeleton className="h-72" /> : <Made preview={preview.data} />}
			<div className="flex flex-wrap gap-2">
				<Button
					look="primary"
					disabled={preview.data === undefined || preview.data.taken !== null || isBusy}
					onClick={() => start.mutate({ template: template.name, values, requestId })}
				>
					{isBusy ? t("creating") : t("create", { name })}
				</Button>
				<Button onClick={onBack} disabled={isBusy}>
					{t("back")}
				</Button>
				<CopyButton text={command} label={t("copyCli")} />
			</div>
		</div>
	);
}

function Made({ preview }: { preview: TemplatePreview }) {
	const t = useTranslations("create.review");
	const { makes, files } = preview;
	const facts: readonly (readonly [string, string])[] = [
		[t("repository"), makes.repository],
		[t("commit"), t("commitWhere", { count: files.length, branch: makes.branch })],
		[t("service"), makes.service],
		[t("pipeline"), t("pipelineWhat", { environment: makes.environment })],
		...(makes.url === null ? [] : [[t("address"), makes.url] as const]),
	];
	return (
		<>
			<Section title={t("makes")}>
				<dl className="grid gap-x-8 gap-y-1.5 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
					{facts.map(([label, value]) => (
						<div key={label} className="contents">
							<dt className="text-faint">{label}</dt>
							<dd className="mb-1 break-all sm:mb-0">{value}</dd>
						</div>
					))}
				</dl>
			</Section>
			<Section title={t("files")}>
				<FileView files={files} first="sluice.yaml" />
			</Section>
		</>
	);
}

/** Not crypto.randomUUID: browsers have that on secure addresses only. */
function newRequestId(): string {
	return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
