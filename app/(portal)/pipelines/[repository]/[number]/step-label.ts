"use client";

import { useTranslations } from "next-intl";

const known = ["checkout", "test", "build", "push", "release", "rollout"] as const;

/** The word for a step of a pipeline; a step of another name keeps its name. */
export function useStepLabel(): (name: string) => string {
	const t = useTranslations("pipeline.step");
	return (name) => {
		const step = known.find((candidate) => candidate === name);
		return step === undefined ? name : t(step);
	};
}
