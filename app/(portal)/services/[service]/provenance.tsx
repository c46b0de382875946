"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Notice } from "@/components/notice";
import { Skeleton } from "@/components/skeleton";
import type { ReleaseProvenance } from "@/domain/provenance/statement";
import type { ReleaseRow } from "@/server/views";
import { Problem } from "../../../frame/problem";
import { useTRPC } from "../../../trpc/client";

/** How a release's image came to be and what is in it; asked for when somebody looks. */
export function Provenance({ service, release }: { service: string; release: ReleaseRow }) {
	const t = useTranslations("provenance");
	const [isOpen, setOpen] = useState(false);
	const input = { service, release: release.number };
	const found = useQuery(useTRPC().release.provenance.queryOptions(input, { enabled: isOpen }));
	return (
		<>
			<Button look="quiet" size="small" className="-ml-2" onClick={() => setOpen(true)}>
				{t("open", { number: release.number })}
			</Button>
			<Dialog
				open={isOpen}
				onOpenChange={setOpen}
				title={t("title", { service, number: release.number })}
				description={t("description")}
			>
				{found.isError ? (
					<Problem query={found} />
				) : found.data === undefined ? (
					<Skeleton className="h-40" />
				) : found.data === null ? (
					<Notice tone="unknown" title={t("none")} />
				) : (
					<Found name={`${service}-${release.number}`} found={found.data} />
				)}
			</Dialog>
		</>
	);
}

function Found({ name, found }: { name: string; found: ReleaseProvenance }) {
	const t = useTranslations("provenance");
	const { buildDefinition, runDetails } = found.provenance.predicate;
	const facts = [
		[t("builtBy"), buildDefinition.externalParameters.pushedBy],
		[t("commit"), buildDefinition.externalParameters.source.digest.gitCommit],
		[t("builder"), t("docker", { version: runDetails.builder.version.docker })],
		[t("began"), runDetails.metadata.startedOn],
		[t("ended"), runDetails.metadata.finishedOn],
		[t("packages"), t("count", { count: found.sbom.packages.length - 1 })],
	] as const;
	return (
		<div className="grid gap-4">
			<dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
				{facts.map(([label, value]) => (
					<div key={label} className="contents">
						<dt className="text-soft">{label}</dt>
						<dd className="break-all">{value}</dd>
					</div>
				))}
			</dl>
			<div>
				<p className="text-soft text-sm">{t("madeOf")}</p>
				<ul className="mt-1 grid gap-1 font-mono text-xs leading-5 break-all">
					{buildDefinition.resolvedDependencies.map((one) => (
						<li key={`${one.uri} ${one.annotations?.insteadOf}`}>
							{one.uri}
							{one.annotations && <span className="block">{t("insteadOf", { image: one.annotations.insteadOf })}</span>}
							<span className="block text-faint">
								{one.digest === undefined ? t("noDigest") : Object.values(one.digest).join(" ")}
							</span>
						</li>
					))}
				</ul>
			</div>
			{found.sbom.creationInfo.comment !== undefined && <Notice tone="degraded" title={found.sbom.creationInfo.comment} />}
			<div className="flex flex-wrap gap-2">
				<Button onClick={() => save(`${name}.provenance.json`, found.provenance)}>
					<Download aria-hidden="true" className="size-4" />
					{t("saveProvenance")}
				</Button>
				<Button onClick={() => save(`${name}.spdx.json`, found.sbom)}>
					<Download aria-hidden="true" className="size-4" />
					{t("saveSbom")}
				</Button>
			</div>
		</div>
	);
}

/** What is on the page becomes a file: nothing is asked for again. */
function save(file: string, content: unknown): void {
	const address = URL.createObjectURL(new Blob([JSON.stringify(content, null, "\t")], { type: "application/json" }));
	const link = document.createElement("a");
	link.href = address;
	link.download = file;
	link.click();
	URL.revokeObjectURL(address);
}
