"use client";

import { useTranslations } from "next-intl";
import { Status } from "@/components/status";
import type { InstancePhase, RolloutState } from "@/domain/rollout/model";
import type { HostRow, PipelineState, PlatformComponent, RunningVersion } from "@/server/views";
import { componentTones, hostTones, phaseTones, pipelineTones, rolloutTones, versionTones } from "./tones";

export function RolloutStatus({ state, paused = false }: { state: RolloutState; paused?: boolean }) {
	const t = useTranslations("rolloutState");
	if (paused && state === "running") return <Status tone="waiting" label={t("paused")} />;
	return <Status tone={rolloutTones[state]} label={t(state)} />;
}

export function PipelineStatus({ state }: { state: PipelineState }) {
	const t = useTranslations("pipelineState");
	return <Status tone={pipelineTones[state]} label={t(state)} />;
}

export function VersionStatus({ state }: { state: RunningVersion["state"] }) {
	const t = useTranslations("versionState");
	return <Status tone={versionTones[state]} label={t(state)} />;
}

export function PhaseStatus({ phase }: { phase: InstancePhase }) {
	const t = useTranslations("phase");
	return <Status tone={phaseTones[phase]} label={t(phase)} />;
}

export function HostStatus({ state }: { state: HostRow["state"] }) {
	const t = useTranslations("hostState");
	return <Status tone={hostTones[state]} label={t(state)} />;
}

export function ComponentStatus({ state }: { state: PlatformComponent["state"] }) {
	const t = useTranslations("componentState");
	return <Status tone={componentTones[state]} label={t(state)} />;
}

/** "No tests" is its own answer, never "passed". */
export function TestsStatus({ tests }: { tests: "passed" | "failed" | "none" | null }) {
	const t = useTranslations("tests");
	if (tests === null) return <span className="text-faint">{t("notYet")}</span>;
	const tone = tests === "passed" ? "healthy" : tests === "failed" ? "failed" : "unknown";
	return <Status tone={tone} label={t(tests)} />;
}
