"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/button";
import { TextArea } from "@/components/input";
import { Notice } from "@/components/notice";
import type { ManifestCheck } from "@/server/views";
import { Checked } from "./manifest-check";

interface ManifestTextProps {
	proposed: string;
	/** null = as proposed. */
	edited: string | null;
	/** What an edit means for what proposed it. */
	editedTitle: string;
	check: ManifestCheck | null;
	onEdit(text: string | null): void;
}

/** A proposed manifest as text to edit, the way back to the proposal, and what is wrong with it while it is written. */
export function ManifestText({ proposed, edited, editedTitle, check, onEdit }: ManifestTextProps) {
	const t = useTranslations("create.import");
	const manifest = edited ?? proposed;
	return (
		<>
			{edited !== null && (
				<Notice
					tone="stopped"
					title={editedTitle}
					actions={
						<Button size="small" onClick={() => onEdit(null)}>
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
				onChange={(event) => onEdit(event.target.value)}
				rows={Math.min(40, Math.max(16, manifest.split("\n").length))}
				spellCheck={false}
				wrap="off"
				className="font-mono text-xs leading-5"
			/>
			<div id="manifest-check" role="status">
				<Checked check={check} />
			</div>
		</>
	);
}
