"use client";

import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/copy-button";

/** The same act for a terminal. */
export function CopyCommand({ command }: { command: string }) {
	return <CopyButton text={command} label={useTranslations("verbs")("copyCli")} />;
}
