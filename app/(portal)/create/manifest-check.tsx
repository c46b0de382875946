"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { Notice } from "@/components/notice";
import type { ManifestCheck } from "@/server/views";
import { useSaid } from "../../i18n/said/use-said";
import { useTRPC } from "../../trpc/client";

export function Checked({ check }: { check: ManifestCheck | null }) {
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
export function useCheck(manifest: string): ManifestCheck | null {
	const trpc = useTRPC();
	const { mutate, data, variables } = useMutation(trpc.import.check.mutationOptions());
	useEffect(() => {
		const timer = setTimeout(() => mutate({ manifest }), pauseMs);
		return () => clearTimeout(timer);
	}, [manifest, mutate]);
	return data !== undefined && variables?.manifest === manifest ? data : null;
}
