"use client";

import { useTranslations } from "next-intl";
import { useList } from "@/components/list";

interface ServerWords {
	/** The part of a rollout: start, healthy, drain …; a weight such as "10 %" stands as it is. */
	step(name: string): string;
	eventKind(kind: string): string;
	hostRoles(roles: readonly string[]): string;
	/** In a sentence. */
	personRole(role: string): string;
}

/** Single words that the server answers in English; one that a language has no word for is shown as it came. */
export function useServerWords(): ServerWords {
	const t = useTranslations("serverWord");
	const list = useList();
	return {
		step: (word) => t("step", { word }),
		eventKind: (word) => t("eventKind", { word }),
		hostRoles: (roles) => list(roles.map((word) => t("hostRole", { word }))),
		personRole: (word) => t("personRole", { word }),
	};
}
